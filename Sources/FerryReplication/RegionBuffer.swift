internal import FerryImage

/// Memory for one region, aligned for direct reading.
///
/// @unchecked Sendable: a buffer has one owner at a time: the free list, a scan, or the batch whose content it holds.
final class RegionBuffer: @unchecked Sendable {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: ImageLayout.regionSize, alignment: 4096)

    deinit { bytes.deallocate() }
}
