internal import CFerryLinux

/// How the C library's heap treats buffers of a region's size.
public enum HeapReuse {
    /// Keeps freed buffers of up to 32 MiB for the next use, in few arenas. By default each would be mapped, filled
    /// with zeros page by page, and given back: for a program that moves gigabytes through buffers of a mebibyte that
    /// is a tenth of its time. Call at the start.
    public static func keepLargeBuffers() {
        ferry_keep_large_buffers()
    }
}
