import Foundation

/// Loop devices and small file systems; root is needed for all of them.
enum Loop {
    /// Runs `body` with a loop device over the file at `path`.
    static func with(_ path: String, _ body: (_ device: String) async throws -> Void) async throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let (status, output) = try await RunningProgram.run(["losetup", "-f", "--show", path], in: folder)
        guard status == 0 else { throw TestFailure("no loop device to be had: \(output)") }
        let device = output.trimmingCharacters(in: .whitespacesAndNewlines)
        let result = await Result { try await body(device) }
        _ = try await RunningProgram.run(["losetup", "-d", device], in: folder)
        try result.get()
    }

    /// Runs `body` with a file system of its own, of `mebibytes`, mounted at `mountPoint`.
    static func with(
        _ kind: SmallFileSystem,
        mebibytes: Int,
        at mountPoint: String,
        _ body: () async throws -> Void
    ) async throws {
        let folder = URL(fileURLWithPath: mountPoint).deletingLastPathComponent().path
        let script =
            switch kind {
            case .tmpfs: "mkdir '\(mountPoint)' && mount -t tmpfs -o size=\(mebibytes)M none '\(mountPoint)'"
            case .ext4:
                """
                set -eu; mkdir '\(mountPoint)'; truncate -s \(mebibytes)M '\(mountPoint).image'
                mke2fs -q -F -t ext4 -m 0 '\(mountPoint).image'; mount -o loop '\(mountPoint).image' '\(mountPoint)'
                """
            }
        let (status, output) = try await RunningProgram.run(["bash", "-c", script], in: folder)
        guard status == 0 else { throw TestFailure("could not mount a \(kind): \(output)") }
        let result = await Result { try await body() }
        // Whoever still has a file open there is a program of this test that has yet to end.
        let unmount = "for try in $(seq 40); do umount '\(mountPoint)' && exit; sleep 0.3; done; exit 1"
        let (unmounted, said) = try await RunningProgram.run(["bash", "-c", unmount], in: folder)
        try result.get()
        guard unmounted == 0 else { throw TestFailure("could not unmount \(mountPoint): \(said)") }
    }
}

/// A kind of file system that can be made small.
enum SmallFileSystem: String, CaseIterable {
    case tmpfs
    case ext4
}

extension Result where Failure == any Error {
    /// What `body` comes to.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
