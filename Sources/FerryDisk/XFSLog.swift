internal import FerryCore

/// Whether the log of an unmounted xfs has been written out: its last record then says that it was unmounted.
///
/// The log is a ring of sectors of 512 bytes, and each begins with the number of the round it was written in. Layout:
/// "XFS Algorithms & Data Structures", chapter "Journaling Log"; what counts as clean: kernel fs/xfs/xfs_log_recover.c.
struct XFSLog {
    private let cache: MetadataCache
    private let start: UInt64
    private let sectors: UInt64

    /// The log inside the file system; nil if it is on another device.
    init?(_ cache: MetadataCache, _ superblock: XFSSuperblock) {
        guard superblock.logStart > 0 else { return nil }
        let (group, block) = superblock.place(superblock.logStart)
        self.cache = cache
        start = superblock.offset(of: group) + block * superblock.blockSize
        sectors = superblock.logBlocks * (superblock.blockSize / 512)
    }

    /// Whether nothing has to be replayed. When in doubt, it has.
    func isClean() throws(FerryError) -> Bool {
        let head = try head()
        // The last record has a header of up to 9 sectors and, rounded up to a stripe, at most 256 KiB.
        for back in 1...min(sectors, 1024) {
            let place = (head + sectors - back) % sectors
            let header = try sector(place)
            guard try header.big(0, as: UInt32.self) == XFSLog.magic else { continue }
            return try isUnmount(header, at: place, head: head)
        }
        return false
    }

    private static let magic: UInt32 = 0xFEED_BABE

    private func sector(_ number: UInt64) throws(FerryError) -> DiskBytes {
        try cache.bytes(at: start + number * 512, count: 512)
    }

    /// The round a sector was written in; a header has its magic number first.
    private func round(_ number: UInt64) throws(FerryError) -> UInt32 {
        let sector = try sector(number)
        let word = try sector.big(0, as: UInt32.self)
        return word == XFSLog.magic ? try sector.big(4, as: UInt32.self) : word
    }

    /// The sector that would be written next: the first that is not of the newest round.
    private func head() throws(FerryError) -> UInt64 {
        let newest = try round(0)
        guard try round(sectors - 1) != newest else { return 0 }
        var low: UInt64 = 0
        var high = sectors - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if try round(middle) == newest { low = middle } else { high = middle }
        }
        return high
    }

    private func isUnmount(_ header: DiskBytes, at place: UInt64, head: UInt64) throws(FerryError) -> Bool {
        let version = try header.big(8, as: UInt32.self)
        let length = UInt64(try header.big(12, as: UInt32.self))
        let size = UInt64(try header.big(320, as: UInt32.self))
        // A header describes 32 KiB; records that may be longer have more of them.
        let headers = version & 2 != 0 && size > 32768 ? (size + 32767) / 32768 : 1
        guard try header.big(20, as: UInt32.self) == place, try header.big(40, as: UInt32.self) == 1,
            length <= 1 << 20, headers <= 9, (place + headers + (length + 511) / 512) % sectors == head
        else { return false }
        let operation = try sector((place + headers) % sectors)
        return try operation.little(9, as: UInt8.self) & 0x20 != 0
    }
}
