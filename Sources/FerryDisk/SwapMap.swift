internal import FerryCore

/// A Linux swap area: only its header has to survive. Format: kernel include/linux/swap.h, `union swap_header`.
struct SwapMap: UsageMap {
    let region: Extent
    private let unused: Extent

    /// The sizes of a page of the architectures Linux runs on; the magic is at the end of the first page.
    static let pageSizes = [4096, 8192, 16384, 65536]

    /// What the signature in a page says.
    enum Signature {
        case swap
        /// The area holds a suspended system.
        case suspended
    }

    /// Looks for a signature; the size of a page is where it ends.
    static func signature(_ bytes: DiskBytes) -> (signature: Signature, pageSize: Int)? {
        for size in pageSizes where bytes.count >= size {
            if bytes.has("SWAPSPACE2", at: size - 10) { return (.swap, size) }
            for text in ["S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001"] as [StaticString]
            where bytes.has(text, at: size - 10) { return (.suspended, size) }
        }
        return nil
    }

    /// A map of the swap area in `region`, whose first bytes are `bytes`.
    init(_ bytes: DiskBytes, region: Extent) throws(FerryError) {
        guard let (signature, pageSize) = SwapMap.signature(bytes), signature == .swap else {
            throw .inconsistentMap("there is no swap signature")
        }
        // Old headers (version 0) have no version field; only the present one is written by mkswap.
        guard try bytes.little(1024, as: UInt32.self) == 1 else {
            throw .inconsistentMap("the swap area has an unknown version")
        }
        let lastPage = UInt64(try bytes.little(1028, as: UInt32.self))
        let size = (lastPage + 1) * UInt64(pageSize)
        guard lastPage > 0, size <= region.length.bytes else {
            throw .inconsistentMap("the swap area is larger than its partition")
        }
        self.region = region
        unused = Extent(
            from: region.start + ByteCount(UInt64(pageSize)),
            to: region.start + ByteCount(size)
        )
    }

    func unusedExtents(in range: Extent, _ body: (Extent) -> Void) {
        if let part = unused.intersection(range) { body(part) }
    }
}
