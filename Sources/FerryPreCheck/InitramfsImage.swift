internal import FerryCore

/// What is in an initramfs image, as far as it could be read.
struct InitramfsImage {
    /// The modules of `Driver.all` that are in it.
    private(set) var drivers: [String] = []
    /// How many modules are in the part that was read.
    private(set) var moduleCount = 0
    /// Whether dracut noted that it made the image for one server only.
    private(set) var isForThisServerOnly = false
    /// Why a part of it could not be read; nil if all of it was.
    private(set) var unread: String?

    /// The largest image that is read, unpacked: none in use comes near it.
    static let longest = 2 << 30

    /// Reads the image at `path`: any number of cpio archives, the last one usually compressed.
    init(_ path: String, _ files: SourceServerFiles, _ decompressor: Decompressor) {
        guard let stream = files.stream(path) else {
            unread = "\(path) cannot be opened"
            return
        }
        do throws(FerryError) {
            try read(stream, path, decompressor)
        } catch {
            unread = error.cause
        }
    }

    private mutating func read(
        _ stream: SourceFileStream,
        _ path: String,
        _ decompressor: Decompressor
    ) throws(FerryError) {
        func next() throws(FerryError) -> ArraySlice<UInt8> {
            guard let piece = stream.next() else { throw .unreadableImage(path, "reading it failed") }
            return piece
        }
        var archive = CpioScanner()
        var isEmpty = true
        while true {
            let piece = try next()
            if piece.isEmpty {
                guard !isEmpty else { throw .unreadableImage(path, "it is empty") }
                switch archive.finish() {
                case .consumed: return
                case .broken(let cause): throw .unreadableImage(path, cause)
                case .foreign: throw .unreadableImage(path, "it ends with something unknown")
                }
            }
            isEmpty = false
            switch archive.read(piece, { note($0) }) {
            case .consumed: continue
            case .broken(let cause): throw .unreadableImage(path, cause)
            case .foreign(let rest):
                guard let format = CompressionFormat(beginning: rest) else {
                    throw .unreadableImage(path, "a part of it has an unknown form")
                }
                guard decompressor.formats.contains(format) else {
                    unread = "its main part is compressed with \(format.rawValue), which this agent cannot read"
                    return
                }
                try unpack(format, rest, next, path, decompressor)
                return
            }
        }
    }

    private mutating func unpack(
        _ format: CompressionFormat,
        _ first: ArraySlice<UInt8>,
        _ next: Decompressor.Source,
        _ path: String,
        _ decompressor: Decompressor
    ) throws(FerryError) {
        var archive = CpioScanner()
        var first: ArraySlice<UInt8>? = first
        var length = 0
        var image = self
        try decompressor.run(
            format,
            { () throws(FerryError) in
                defer { first = nil }
                if let first { return first }
                return try next()
            },
            { (piece) throws(FerryError) in
                length += piece.count
                guard length <= InitramfsImage.longest else {
                    throw .unreadableImage(path, "it is larger than \(ByteCount(InitramfsImage.longest)) unpacked")
                }
                switch archive.read(piece, { image.note($0) }) {
                case .consumed: return true
                case .broken(let cause): throw .unreadableImage(path, cause)
                case .foreign: throw .unreadableImage(path, "its compressed part is no cpio archive")
                }
            }
        )
        self = image
        guard archive.finish() == .consumed, length > 0 else {
            throw .unreadableImage(path, "its compressed part ends too early")
        }
    }

    private mutating func note(_ name: String) {
        if name.hasSuffix("dracut/hostonly-kernel-modules.txt") { isForThisServerOnly = true }
        guard let module = Driver.module(ofPath: name) else { return }
        moduleCount += 1
        if Driver.all.contains(where: { $0.module == module }), !drivers.contains(module) { drivers.append(module) }
    }
}
