internal import FerryCore
internal import FerryLab
internal import FerryProcess
internal import Foundation

/// Starts the process that holds a lab, in namespaces of its own.
enum HoldStart {
    /// Starts it for the topology `file`, and waits until the network stands.
    /// - Returns: seconds that building took.
    static func start(_ file: String, _ folder: LabFolder, _ words: [String]) throws(FerryError) -> Double {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw failed(folder, String(cString: strerror(errno))) }
        let log = open(folder.log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(ends[0]) }
        let program: ChildProgram
        do throws(ChildProgramError) {
            program = try ChildProgram(
                LabProcess.thisProgram(["hold", file, "--folder", folder.path] + words),
                input: nothing,
                output: ends[1],
                complaints: log
            )
        } catch {
            throw failed(folder, "unshare could not be started: \(error.text)")
        }
        for descriptor in [nothing, ends[1], log] { close(descriptor) }
        folder.note(process: program.process)
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256)
        while !said.contains(0x0A) {
            let count = read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            said += buffer[..<count]
        }
        let line = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard line.hasPrefix("up "), let seconds = Double(line.dropFirst(3)) else {
            let complaints = (try? String(contentsOfFile: folder.log, encoding: .utf8)) ?? ""
            folder.remove()
            throw failed(folder, complaints.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return seconds
    }

    private static func failed(_ folder: LabFolder, _ cause: String) -> FerryError {
        FerryError(
            .labTool,
            operation: "bring up",
            subject: "the lab \(folder.name)",
            cause: cause.isEmpty ? "its process ended without a word" : cause,
            advice: "Nothing of it is left."
        )
    }
}
