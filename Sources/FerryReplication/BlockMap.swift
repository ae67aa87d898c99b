internal import CFerryLinux
internal import CXXHash
public import FerryCore
public import FerryImage
internal import Glibc
internal import Synchronization

/// What the source remembers of each region that is durable at the staging server: its leaf and its blocks' tags.
///
/// A file whose every entry carries a checksum: an entry that was torn by a crash, or in which a bit has flipped, is
/// not believed, and its region is offered anew. An entry is written only after the staging server has said that the
/// region is durable, so the map may lag behind the volume and never runs ahead of it.
///
/// @unchecked Sendable: entries are read and confirmed by workers and remembered by the event loop, those of one region
/// never by two at a time; the header is the event loop's alone; the diversion and the root are behind mutexes; the rest
/// does not change after opening.
public final class BlockMap: @unchecked Sendable {
    /// What is remembered of one region.
    struct Entry {
        enum Content: UInt64 {
            case tagged = 1
            case zero = 2
            case unused = 3
        }

        var leaf: Digest
        var pass: UInt64
        var content: Content
        var tagsChecksum: UInt64
    }

    /// The root of the manifest, as long as no leaf changes.
    private struct Root: Sendable {
        var known: Digest?
        /// Changes of leaves so far.
        var changes: UInt64 = 0
    }

    private typealias Words = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    private let descriptor: Int32
    private let path: String?
    private let room: StateRoom
    private let regionCount: Int
    private let root = Mutex(Root())
    /// Where what is remembered goes while the file may not be written to; nil while it may.
    private let diversion = Mutex<BlockMapDiversion?>(nil)
    /// The secret of the tags.
    public let key: BlockTagKey
    /// Whether the map begins empty because there was none, or none that could be used.
    public let isNew: Bool
    /// Why a map that was there could not be used.
    public let discarded: String?
    private var header: Header

    private struct Header: Equatable {
        var volume: (UInt64, UInt64) = (0, 0)
        var size: UInt64 = 0
        /// The last pass that was begun.
        var pass: UInt64 = 0
        /// When that pass was begun, in microseconds since 1970.
        var startedAt: Int64 = 0

        static func == (left: Header, right: Header) -> Bool {
            left.volume == right.volume && left.size == right.size && left.pass == right.pass
                && left.startedAt == right.startedAt
        }
    }

    private static let magic: [UInt8] = Array("FERRYMAP1\n".utf8)
    private static let headerLength = 4096
    private static let entryLength = 64
    private static let tagsLength = ImageLayout.regionBlocks * 16
    /// So many entries are read at once for the root: 64 KiB.
    private static let entriesOfAPiece = 1024

    /// Opens or makes the map at `path` for a disk of `size`; nil keeps the map in memory, for as long as the process
    /// lives.
    /// - Throws: `FerryError` with `ErrorCode.stateUnusable`.
    init(path: String?, size: ByteCount, room: StateRoom = .ofThisServer) throws(FerryError) {
        self.path = path
        self.room = room
        regionCount = ImageLayout.regionCount(ofDisk: size)
        if let path {
            descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        } else {
            descriptor = ferry_anonymous_file("ferry-block-map")
        }
        guard descriptor >= 0 else {
            throw FerryError(
                .stateUnusable,
                operation: "open",
                subject: path.map { "the state file \($0)" } ?? "a map in memory",
                cause: String(cString: strerror(errno)),
                advice: "Name a directory that can be written to with --state."
            )
        }
        var bytes = [UInt8](repeating: 0, count: BlockMap.headerLength)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        var found: (Header, BlockTagKey)?
        var reason: String?
        if count == bytes.count {
            found = BlockMap.parse(bytes)
            if found == nil { reason = "it is damaged" }
            if let header = found?.0, header.size != size.bytes {
                reason = "it is of a disk of \(ByteCount(header.size)), and the disk has \(size)"
                found = nil
            }
        } else if count > 0 {
            reason = "it is cut off"
        }
        discarded = reason
        isNew = found == nil
        key = found?.1 ?? .random()
        header = found?.0 ?? Header(size: size.bytes)
        if found == nil {
            try requireRoom(offset(ofTags: 0))
            try reset(volume: (0, 0))
        }
    }

    deinit {
        if let diversion = diversion.withLock({ $0 }) { close(diversion.descriptor) }
        close(descriptor)
    }

    /// The identifier of the volume that the map speaks of.
    public var volume: (UInt64, UInt64) { header.volume }
    /// The last pass that was begun; 0 if none was.
    public var pass: UInt64 { header.pass }
    /// When it was begun.
    public var passStartedAt: UTCTime { UTCTime(microseconds: header.startedAt) }

    /// Forgets everything, and speaks of `volume` from now on.
    public func reset(volume: (UInt64, UInt64)) throws(FerryError) {
        header = Header(volume: volume, size: header.size)
        forgetRoot()
        guard ftruncate(descriptor, 0) == 0, ftruncate(descriptor, length) == 0 else { throw failure("clear") }
        try writeHeader()
    }

    /// Notes that pass `pass` was begun.
    public func begin(pass: UInt64, at time: UTCTime) throws(FerryError) {
        header.pass = pass
        header.startedAt = time.microseconds
        try writeHeader()
    }

    /// What is remembered of region `index`, or nil.
    func entry(_ index: Int) -> Entry? {
        var words: Words = (0, 0, 0, 0, 0, 0, 0, 0)
        let file = file(of: index)
        let count = withUnsafeMutableBytes(of: &words) {
            pread(file, $0.baseAddress, BlockMap.entryLength, offset(ofEntry: index))
        }
        return count == BlockMap.entryLength ? BlockMap.entry(words, index) : nil
    }

    private static func entry(_ words: Words, _ index: Int) -> Entry? {
        guard let content = Entry.Content(rawValue: words.5), words.7 == checksum(words, index) else { return nil }
        var leaf = Digest()
        leaf.words = (words.0, words.1, words.2, words.3)
        return Entry(leaf: leaf, pass: words.4, content: content, tagsChecksum: words.6)
    }

    /// Reads the tags that `entry` of region `index` stands for into `tags`; false if they are not to be believed.
    func readTags(_ index: Int, _ entry: Entry, into tags: UnsafeMutableBufferPointer<BlockTag>) -> Bool {
        switch entry.content {
        case .zero: tags.update(repeating: .zero)
        case .unused: tags.update(repeating: .unused)
        case .tagged:
            let bytes = UnsafeMutableRawBufferPointer(tags)
            guard pread(file(of: index), bytes.baseAddress, bytes.count, offset(ofTags: index)) == bytes.count else {
                return false
            }
            return ferry_xxh3_64(bytes.baseAddress, bytes.count) == entry.tagsChecksum
        }
        if !tags.isEmpty { tags[tags.count - 1].endsRun = true }
        return true
    }

    /// Remembers a region that is durable.
    func remember(_ index: Int, leaf: Digest, tags: UnsafeBufferPointer<BlockTag>, pass: UInt64) throws(FerryError) {
        let bytes = UnsafeRawBufferPointer(tags)
        divertedIfSo(index)
        forgetRoot()
        let file = file(of: index)
        // What is there already takes no more room when it is written again.
        if file == descriptor, path != nil, entry(index)?.content != .tagged { try requireRoom(BlockMap.tagsLength) }
        guard pwrite(file, bytes.baseAddress, bytes.count, offset(ofTags: index)) == bytes.count else {
            throw failure("write")
        }
        try write(index, leaf, pass, .tagged, ferry_xxh3_64(bytes.baseAddress, bytes.count))
    }

    /// Remembers a region without content that is durable.
    func remember(_ index: Int, empty kind: RunKind, leaf: Digest, pass: UInt64) throws(FerryError) {
        divertedIfSo(index)
        forgetRoot()
        try write(index, leaf, pass, kind == .zero ? .zero : .unused, 0)
    }

    /// Notes that an unchanged region was looked at in `pass`.
    func confirm(_ index: Int, _ entry: Entry, pass: UInt64) throws(FerryError) {
        // It matters to a pass that is resumed, and one that is over frozen file systems is not.
        if diversion.withLock({ $0 != nil }) { return }
        try write(index, entry.leaf, pass, entry.content, entry.tagsChecksum)
    }

    /// The root of the manifest that the map stands for, if it was made since a leaf changed last.
    var knownRoot: Digest? { root.withLock { $0.known } }

    /// The root of the manifest that the map stands for; nil if a region is not remembered. For a worker: unless it is known,
    /// 64 bytes are read and hashed for each MiB of disk.
    func makeRoot() -> Digest? {
        let before = root.withLock { $0 }
        if let known = before.known { return known }
        let diverted = diversion.withLock { $0?.regions ?? [] }
        var tree = MerkleTree()
        var piece = [UInt8](repeating: 0, count: BlockMap.entriesOfAPiece * BlockMap.entryLength)
        for first in stride(from: 0, to: regionCount, by: BlockMap.entriesOfAPiece) {
            let count = min(BlockMap.entriesOfAPiece, regionCount - first)
            let length = count * BlockMap.entryLength
            guard pread(descriptor, &piece, length, offset(ofEntry: first)) == length else { return nil }
            let isWhole = piece.withUnsafeBytes { raw in
                for slot in 0..<count {
                    let words = raw.loadUnaligned(fromByteOffset: slot * BlockMap.entryLength, as: Words.self)
                    let index = first + slot
                    guard let found = diverted.contains(index) ? entry(index) : BlockMap.entry(words, index) else {
                        return false
                    }
                    tree.append(leaf: found.leaf)
                }
                return true
            }
            guard isWhole else { return nil }
        }
        let made = tree.root
        root.withLock { if $0.changes == before.changes { $0.known = made } }
        return made
    }

    private func forgetRoot() {
        root.withLock {
            $0.known = nil
            $0.changes += 1
        }
    }

    // MARK: Room

    /// Whether the map ends with the process.
    var isInMemory: Bool { path == nil }

    /// Bytes that the map still needs for a disk of which `content` is to be copied.
    func missing(forContent content: ByteCount) -> Int {
        var status = stat()
        let held = fstat(descriptor, &status) == 0 ? Int(status.st_blocks) * 512 : 0
        let regions = min(regionCount, ImageLayout.regionCount(ofDisk: content))
        return max(0, offset(ofTags: regions) - held)
    }

    /// Refuses to take `bytes` more where that would leave too little to others.
    /// - Throws: `FerryError` with `ErrorCode.stateUnusable`.
    func requireRoom(_ bytes: Int) throws(FerryError) {
        guard let path else { return try room.requireMemory(UInt64(bytes)) }
        try room.require(UInt64(bytes), onFileSystemOf: descriptor, path)
    }

    private func write(
        _ index: Int,
        _ leaf: Digest,
        _ pass: UInt64,
        _ content: Entry.Content,
        _ tagsChecksum: UInt64
    ) throws(FerryError) {
        var words: Words = (
            leaf.words.0, leaf.words.1, leaf.words.2, leaf.words.3, pass, content.rawValue, tagsChecksum, 0
        )
        words.7 = BlockMap.checksum(words, index)
        let file = file(of: index)
        let count = withUnsafeBytes(of: words) {
            pwrite(file, $0.baseAddress, BlockMap.entryLength, offset(ofEntry: index))
        }
        guard count == BlockMap.entryLength else { throw failure("write") }
    }

    // MARK: Not writing

    /// Writes nothing to the file until `endDiversion`: what is to be remembered meanwhile is kept in memory. For while the
    /// file's own file system is frozen. What is lost with the process is offered again, as after any loss of the map.
    /// - Throws: `FerryError` with `ErrorCode.stateUnusable` if there is no memory.
    func divert() throws(FerryError) {
        guard let begun = BlockMapDiversion() else { throw failure("keep in memory") }
        diversion.withLock { $0 = begun }
    }

    /// Writes to the file what was kept in memory.
    func endDiversion() throws(FerryError) {
        guard let ended = diversion.withLock({ $0.take() }) else { return }
        defer { close(ended.descriptor) }
        // Before the entries: those of a pass that the header does not know would count as read in the next one, which
        // would get the same number.
        try writeHeader()
        var tags = [UInt8](repeating: 0, count: BlockMap.tagsLength)
        var entry = [UInt8](repeating: 0, count: BlockMap.entryLength)
        for index in ended.regions.sorted() {
            let length = pread(ended.descriptor, &tags, tags.count, offset(ofTags: index))
            guard length >= 0, pwrite(descriptor, tags, length, offset(ofTags: index)) == length,
                pread(ended.descriptor, &entry, entry.count, offset(ofEntry: index)) == entry.count,
                pwrite(descriptor, entry, entry.count, offset(ofEntry: index)) == entry.count
            else { throw failure("write") }
        }
    }

    /// Where the entry and the tags of region `index` are.
    private func file(of index: Int) -> Int32 {
        diversion.withLock { $0.map { $0.regions.contains(index) ? $0.descriptor : descriptor } ?? descriptor }
    }

    private func divertedIfSo(_ index: Int) { diversion.withLock { _ = $0?.regions.insert(index) } }

    private var length: Int { offset(ofTags: regionCount) }

    private func offset(ofEntry index: Int) -> Int { BlockMap.headerLength + index * BlockMap.entryLength }

    private func offset(ofTags index: Int) -> Int {
        let entries = (regionCount * BlockMap.entryLength + 4095) / 4096 * 4096
        return BlockMap.headerLength + entries + index * BlockMap.tagsLength
    }

    private static func checksum(_ words: Words, _ index: Int) -> UInt64 {
        withUnsafeBytes(of: words) { ferry_xxh3_64($0.baseAddress, 56) } ^ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
    }

    private static func parse(_ bytes: [UInt8]) -> (Header, BlockTagKey)? {
        bytes.withUnsafeBytes { raw in
            guard raw.prefix(magic.count).elementsEqual(magic) else { return nil }
            let checksum = raw.loadUnaligned(fromByteOffset: headerLength - 8, as: UInt64.self)
            guard ferry_xxh3_64(raw.baseAddress, headerLength - 8) == checksum else { return nil }
            func word(_ index: Int) -> UInt64 { raw.loadUnaligned(fromByteOffset: 16 + index * 8, as: UInt64.self) }
            let header = Header(
                volume: (word(0), word(1)),
                size: word(2),
                pass: word(3),
                startedAt: Int64(bitPattern: word(4))
            )
            return (header, BlockTagKey(bytes: Array(raw[128..<(128 + BlockTagKey.byteCount)])))
        }
    }

    private func writeHeader() throws(FerryError) {
        if diversion.withLock({ $0 != nil }) { return }
        var bytes = [UInt8](repeating: 0, count: BlockMap.headerLength)
        bytes.replaceSubrange(0..<BlockMap.magic.count, with: BlockMap.magic)
        let words = [
            header.volume.0, header.volume.1, header.size, header.pass, UInt64(bitPattern: header.startedAt),
        ]
        bytes.withUnsafeMutableBytes { raw in
            for (index, word) in words.enumerated() {
                raw.storeBytes(of: word, toByteOffset: 16 + index * 8, as: UInt64.self)
            }
            for (index, byte) in key.bytes.enumerated() { raw[128 + index] = byte }
            let checksum = ferry_xxh3_64(raw.baseAddress, BlockMap.headerLength - 8)
            raw.storeBytes(of: checksum, toByteOffset: BlockMap.headerLength - 8, as: UInt64.self)
        }
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, fdatasync(descriptor) == 0 else {
            throw failure("write")
        }
    }

    private func failure(_ operation: String) -> FerryError {
        FerryError(
            .stateUnusable,
            operation: operation,
            subject: "the agent's state",
            cause: String(cString: strerror(errno)),
            advice: "See that the directory given with --state has room and can be written to."
        )
    }
}
