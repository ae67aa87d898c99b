import Foundation

/// An ext4 on a loop device, mounted, with a program that writes to it all the time.
struct LiveFileSystem {
    let device: String
    let mountPoint: String

    /// Runs `body` with one in `folder`; says that it is skipped where loop devices cannot be had.
    static func with(in folder: String, _ body: (LiveFileSystem) async throws -> Void) async throws {
        let mountPoint = "\(folder)/mounted"
        let (made, said) = try await RunningProgram.run(
            [
                "bash", "-c",
                """
                set -eu
                truncate -s 96M '\(folder)/live'; mke2fs -q -t ext4 '\(folder)/live'
                device=$(losetup -f --show '\(folder)/live'); mkdir '\(mountPoint)'
                mount "$device" '\(mountPoint)' || { losetup -d "$device"; exit 9; }
                cp -r /etc '\(mountPoint)/' 2>/dev/null || true
                head -c 20M /dev/urandom > '\(mountPoint)/random'; echo "$device"
                """,
            ],
            in: folder
        )
        guard made == 0 else { return print("skipped: no file system can be loop-mounted here: \(said)") }
        let device = said.trimmingCharacters(in: .whitespacesAndNewlines)
        let writer = try RunningProgram(
            ["bash", "-c", "while true; do date >> '\(mountPoint)/log'; sleep 0.01; done"],
            output: "\(folder)/writer.log"
        )
        var failure: (any Error)?
        do { try await body(LiveFileSystem(device: device, mountPoint: mountPoint)) } catch { failure = error }
        try await writer.killAndWait()
        _ = try await RunningProgram.run(["bash", "-c", "umount '\(mountPoint)'; losetup -d '\(device)'"], in: folder)
        if let failure { throw failure }
    }
}
