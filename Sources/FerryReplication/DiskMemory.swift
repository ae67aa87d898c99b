internal import FerryCore
internal import FerryDisk
internal import Glibc

/// What the state directory remembers of a disk's identity, so that another disk under the same path is refused.
enum DiskMemory {
    /// Refuses `disk` if it is not the one remembered in the file at `path`; remembers it if none is.
    /// - Throws: `FerryError` with `disk.swapped` or `stateUnusable`.
    static func check(_ disk: Disk, against path: String, identity: DiskIdentity) throws(FerryError) {
        if let remembered = read(path) { try disk.require(remembered) }
        let text = identity.facts.map { "\($0.kind.rawValue)=\($0.value)\n" }.joined()
        let bytes = Array(text.utf8)
        let descriptor = open("\(path).new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
            close(descriptor) == 0, rename("\(path).new", path) == 0
        else {
            throw FerryError(
                .stateUnusable,
                operation: "write",
                subject: path,
                cause: String(cString: strerror(errno)),
                advice: "See that the directory given with --state has room and can be written to."
            )
        }
    }

    private static func read(_ path: String) -> DiskIdentity? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let facts = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").compactMap {
            line -> DiskIdentity.Fact? in
            guard let equals = line.firstIndex(of: "="),
                let kind = DiskIdentity.Kind(rawValue: String(line[..<equals]))
            else { return nil }
            return DiskIdentity.Fact(kind, String(line[equals...].dropFirst()))
        }
        return facts.isEmpty ? nil : DiskIdentity(facts: facts)
    }
}
