public import FuzzLoop
internal import Glibc

/// Seeds made of images that tools wrote.
public enum ImageSeeds {
    /// One for each image that was named.
    public static func all() -> [FuzzLoop.Seed] {
        FuzzLoop.images.map { path in
            let name = path.split(separator: "/").last.map(String.init) ?? path
            return (name, withBytes(of: path) { DiskInput.seed($0, isSealed: true) })
        }
    }

    private static func withBytes<Result>(of path: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        let length = Int(lseek(descriptor, 0, SEEK_END))
        // Mapped, because images are large and mostly holes.
        guard descriptor >= 0, let start = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
        else {
            perror(path)
            exit(1)
        }
        defer {
            munmap(start, length)
            close(descriptor)
        }
        return body(UnsafeRawBufferPointer(start: start, count: length))
    }
}
