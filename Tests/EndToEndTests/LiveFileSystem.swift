import Foundation

/// An ext4 on a loop device, mounted, with a program that writes to it all the time.
struct LiveFileSystem {
    let device: String
    let mountPoint: String
    /// The disk's name in its job.
    var name: String { String(device.dropFirst("/dev/".count)) }

    /// Runs `body` with one in `folder`.
    static func with(in folder: String, _ body: (LiveFileSystem) async throws -> Void) async throws {
        let mountPoint = "\(folder)/mounted"
        try await Loop.with(.ext4, mebibytes: 96, at: mountPoint) {
            let (_, said) = try await RunningProgram.run(
                [
                    "bash", "-c",
                    """
                    cp -r /etc '\(mountPoint)/' 2>/dev/null; head -c 20M /dev/urandom > '\(mountPoint)/random'
                    findmnt -n -o SOURCE '\(mountPoint)'
                    """,
                ],
                in: folder
            )
            let device = said.trimmingCharacters(in: .whitespacesAndNewlines)
            let writer = try RunningProgram(
                ["bash", "-c", "while true; do date >> '\(mountPoint)/log'; sleep 0.01; done"],
                output: "\(folder)/writer.log"
            )
            let result = await Result {
                try await body(LiveFileSystem(device: device, mountPoint: mountPoint))
            }
            try await writer.killAndWait()
            try result.get()
        }
    }
}
