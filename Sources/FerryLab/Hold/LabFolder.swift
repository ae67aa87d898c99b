public import FerryCore
internal import Foundation

/// Where a lab that is up is found by the commands that come after: one folder for each name, of this user alone.
public struct LabFolder: Sendable {
    /// The lab's name.
    public let name: String
    /// The folder.
    public let path: String

    /// The folder of the lab `name`.
    public init(name: String) {
        self.name = name
        let base = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? "/tmp/ferry-lab-\(getuid())"
        path = "\(base)/ferry-lab/\(name)"
    }

    /// The socket at which its process listens.
    public var socket: String { "\(path)/socket" }
    /// What its process says while it is up.
    public var log: String { "\(path)/log" }
    private var processFile: String { "\(path)/process" }

    /// The names of all labs of this user, up or not.
    public static var names: [String] {
        let parent = URL(fileURLWithPath: LabFolder(name: "x").path).deletingLastPathComponent().path
        return ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).sorted()
    }

    /// Makes the folder, empty.
    public func make() throws(FerryError) {
        remove()
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw FerryError(
                .labTool,
                operation: "make",
                subject: path,
                cause: error.localizedDescription,
                advice: "Set XDG_RUNTIME_DIR to a folder of yours."
            )
        }
    }

    /// Removes the folder.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Notes the process that holds the lab, as processes are numbered outside.
    public func note(process: Int32) { try? "\(process)".write(toFile: processFile, atomically: true, encoding: .utf8) }

    /// The process that holds the lab; nil if there is none, or it is gone.
    public var process: Int32? {
        guard let text = try? String(contentsOfFile: processFile, encoding: .utf8), let number = Int32(text),
            kill(number, 0) == 0,
            let words = try? String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8), words.contains("hold")
        else { return nil }
        return number
    }

    /// The process that holds the lab.
    /// - Throws: `FerryError` with `ErrorCode.labNotUp`.
    public func runningProcess() throws(FerryError) -> Int32 {
        guard let process else {
            throw FerryError(
                .labNotUp,
                operation: "find",
                subject: "the lab \(name)",
                cause: "it is not up",
                advice: "`ferry-lab up FILE` brings it up; `ferry-lab status` lists those that are."
            )
        }
        return process
    }
}

extension ErrorCode {
    /// No lab of that name is up.
    public static let labNotUp = ErrorCode("lab.not-up", .input)
    /// A lab of that name is up already.
    public static let labTaken = ErrorCode("lab.taken", .input)
    /// There is no such fault, node or link in the lab.
    public static let labUnknown = ErrorCode("lab.unknown", .input)
}
