internal import Dispatch
internal import Foundation

/// A command that prints something, and is given up after a time or an amount, with all that it has started in its process group.
struct BoundedCommand {
    /// What came of it.
    enum Ending: Equatable {
        /// What it has printed, having ended well.
        case said(Data)
        /// It could not be started, because.
        case notStarted(String)
        /// It was not done in time, said too much, or was stopped.
        case unfinished
        /// It ended with an exit status other than 0.
        case failed(Int32)
        /// A signal of that number ended it.
        case killed(Int32)
    }

    /// A program with its arguments, by its path or by its name.
    let words: [String]
    /// Where it runs; nil for where this program does.
    let folder: String?
    /// Bytes that it may print.
    let most: Int
    /// Seconds that it may take.
    let seconds: Double

    /// Runs it to its end. A command may close what it prints to and go on, and its children may keep that open after its end:
    /// both have to be over by the same moment.
    /// - Parameter isStopped: whether nobody waits for it any more; asked ten times a second.
    func run(unless isStopped: () -> Bool = { false }) -> Ending {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0].hasPrefix("/") ? words[0] : "/usr/bin/env")
        process.arguments = words[0].hasPrefix("/") ? Array(words.dropFirst()) : words
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        let deadline = DispatchTime.now() + seconds
        do {
            try process.run()
        } catch {
            return .notStarted(error.localizedDescription)
        }
        let reader = BoundedReading(of: pipe.fileHandleForReading, most: most)
        var hasEnded = false
        while !hasEnded || !reader.isDone {
            guard DispatchTime.now() < deadline, !isStopped(), !reader.isDone || reader.whole != nil else {
                BoundedCommand.end(process)
                return .unfinished
            }
            if hasEnded { usleep(20_000) } else { hasEnded = ended.wait(timeout: .now() + 0.1) == .success }
        }
        // It has ended; this is only until Foundation has noted that, too.
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { return .killed(process.terminationStatus) }
        guard process.terminationStatus == 0 else { return .failed(process.terminationStatus) }
        return reader.whole.map { .said($0) } ?? .unfinished
    }

    /// Ends it with its children, which are in a process group with it: politely, and a second later whoever is left.
    private static func end(_ process: Process) {
        let group = -process.processIdentifier
        if kill(group, SIGTERM) != 0 { process.terminate() }
        for _ in 0..<20 where kill(group, 0) == 0 { usleep(50_000) }
        kill(group, SIGKILL)
    }
}
