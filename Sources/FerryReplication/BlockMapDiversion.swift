internal import CFerryLinux
internal import Glibc

/// What a block map remembers while its file may not be written to. Guarded by the map's mutex.
struct BlockMapDiversion: Sendable {
    /// A file in memory, laid out as the map is; its owner closes it.
    let descriptor: Int32
    /// The regions whose entries are in it and not in the map's own file.
    var regions: Set<Int> = []

    init?() {
        descriptor = ferry_anonymous_file("ferry-block-map-diversion")
        guard descriptor >= 0 else { return nil }
    }
}
