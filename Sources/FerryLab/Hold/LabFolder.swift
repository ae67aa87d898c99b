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
        path = "\(LabFolder.parent)/\(name)"
    }

    /// Whether `text` can be the name of a lab.
    public static func isName(_ text: String) -> Bool {
        Topology.isName(String(text.map { $0 == "." || $0 == "_" ? "-" : $0 }), most: 40) && !text.hasPrefix(".")
    }

    private static var parent: String {
        if let own = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] { return "\(own)/ferry-lab" }
        return getuid() == 0 ? "/run/ferry-lab" : "/tmp/ferry-lab-\(getuid())"
    }

    /// The socket at which its process listens.
    public var socket: String { "\(path)/socket" }
    /// What its process says while it is up.
    public var log: String { "\(path)/log" }
    private var processFile: String { "\(path)/process" }

    /// The labs of this user that are up.
    public static var up: [LabFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.sorted().map(LabFolder.init).filter { $0.process != nil }
    }

    /// Makes the folder, empty, and removes those of labs that were killed.
    /// - Throws: `FerryError` with `ErrorCode.labTool`, also if somebody else has made the folder that it lies in: whoever
    ///   writes there could have this user's commands end any process.
    public func make() throws(FerryError) {
        let parent = LabFolder.parent
        mkdir(parent, 0o700)
        guard LabFolder.isOwn(parent) else {
            throw unusable(parent, "it is not a folder of this user's alone")
        }
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            let other = LabFolder(name: entry)
            // One that is coming up beside this has no process yet.
            if other.process == nil, entry == name || other.age > 60 { other.remove() }
        }
        guard mkdir(path, 0o700) == 0 else { throw unusable(path, String(cString: strerror(errno))) }
    }

    /// Seconds since something in the folder was made.
    private var age: Int {
        var status = stat()
        return lstat(path, &status) == 0 ? time(nil) - status.st_mtim.tv_sec : 0
    }

    private static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == getuid()
            && status.st_mode & 0o022 == 0
    }

    private func unusable(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .labTool,
            operation: "keep the lab \(name)",
            subject: "in \(path)",
            cause: cause,
            advice: "Set XDG_RUNTIME_DIR to a folder of yours that nobody else can write to."
        )
    }

    /// Removes the folder.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Notes the process that holds the lab, as processes are numbered outside.
    public func note(process: Int32) { try? "\(process)".write(toFile: processFile, atomically: true, encoding: .utf8) }

    /// The process that holds the lab; nil if there is none, or it is gone.
    public var process: Int32? {
        guard LabFolder.isOwn(LabFolder.parent), let text = try? String(contentsOfFile: processFile, encoding: .utf8),
            let number = Int32(text),
            let words = try? String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8).split(separator: "\0"),
            words.contains("hold"), words.contains(where: { $0 == path })
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
