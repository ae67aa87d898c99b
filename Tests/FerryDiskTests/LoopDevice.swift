import Foundation
import Testing

/// A loop device over an image file, mounted if asked. Taken away again when the test is over.
final class LoopDevice {
    let path: String
    let mountPoint: String
    /// Kept so that its folder is not removed while something is mounted there.
    private let scratch: Scratch
    private var isMounted = false
    private var hasPartitions = false

    /// Why tests with loop devices cannot run here; nil if they can.
    static let obstacle: Comment? = {
        if getuid() != 0 { return "needs root" }
        if let missing = Tool.missing("losetup", "mount", "umount") { return missing }
        guard let scratch = try? Scratch(), let image = try? scratch.image(mebibytes: 1),
            let loop = try? LoopDevice(image, scratch)
        else { return "no loop device to be had" }
        _ = loop
        return nil
    }()

    static var isPossible: Bool { obstacle == nil }

    init(_ image: String, _ scratch: Scratch, offset: Int = 0, length: Int? = nil) throws {
        self.scratch = scratch
        var arguments = ["-f", "--show", "-o", "\(offset)"]
        if let length { arguments += ["--sizelimit", "\(length)"] }
        path = try Tool.run("losetup", arguments + [image]).trimmingCharacters(in: .whitespacesAndNewlines)
        mountPoint = scratch.path("mount-" + UUID().uuidString)
    }

    /// Makes the kernel know the partitions; `losetup -P` does it only where the kernel reads tables.
    func addPartitions() throws {
        try Tool.run("partx", "-a", path)
        hasPartitions = true
    }

    /// Mounts the device, or one of its partitions.
    func mount(partition: Int? = nil) throws {
        try FileManager.default.createDirectory(atPath: mountPoint, withIntermediateDirectories: true)
        try Tool.run("mount", path + (partition.map { "p\($0)" } ?? ""), mountPoint)
        isMounted = true
    }

    func unmount() throws {
        // A writer that a test let wait may still be about to end, or a program that a test beside this one has begun
        // may not have closed yet what it inherited.
        for attempt in 1...100 {
            do {
                try Tool.run("umount", mountPoint)
                break
            } catch {
                if attempt == 100 { throw error }
                usleep(50_000)
            }
        }
        isMounted = false
    }

    deinit {
        if isMounted { try? unmount() }
        if hasPartitions { _ = try? Tool.run("partx", "-d", path) }
        _ = try? Tool.run("losetup", "-d", path)
    }
}
