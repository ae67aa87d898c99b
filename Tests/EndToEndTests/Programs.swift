import Foundation

/// The real executables, built before: their folder is in FERRY_BIN.
enum Programs {
    static let folder = ProcessInfo.processInfo.environment["FERRY_BIN"] ?? ""
    static var agent: String { "\(folder)/ferry-agent" }
    static var ferry: String { "\(folder)/ferry" }

    /// Whether they are there.
    static var areBuilt: Bool {
        !folder.isEmpty && FileManager.default.isExecutableFile(atPath: agent)
            && FileManager.default.isExecutableFile(atPath: ferry)
    }

    /// Whether the long tests are wanted.
    static var isFull: Bool { ProcessInfo.processInfo.environment["FERRY_FULL"] != nil }

    /// The repository, for its scripts.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
}
