internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import FerryProcess
internal import Foundation

struct Capture: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Capture packets at a node of a lab, until Ctrl-C.",
        discussion: """
            Every packet is written as it comes, so that nothing is missing when the capture ends. What comes after -- is a \
            filter, or an option, for tcpdump, which also tells packets in words where no file is asked for.
            """
    )

    @OptionGroup var lab: LabName

    @Argument(help: "The node.")
    var node: String

    @Option(help: "The device; all of the node's if not given.")
    var device: String?

    @Option(name: [.customShort("w"), .customLong("write")], help: "Write the packets to this file, in pcap's format.")
    var file: String?

    @Argument(parsing: .postTerminator, help: "A filter, after --, such as: tcp port 8703")
    var filter: [String] = []

    func run() throws {
        let (process, place) = try LabChoice.node(node, lab.name)
        let needsTool = file == nil || !filter.isEmpty
        if needsTool, ChildProgram.path(of: "tcpdump") == nil {
            throw FerryError(
                .labTool,
                operation: "filter and tell packets",
                subject: "of \(node)",
                cause: "the program tcpdump is missing",
                advice: "Install it (apt-get install tcpdump), or write all packets to a file: -w FILE."
            )
        }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
        let recording =
            [own, "record", "--while", "\(process)"] + (device.map { ["--device", $0] } ?? [])
        if needsTool {
            try check()
            try startTool()
        } else {
            let output = open(file ?? "", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard output >= 0, dup2(output, STDOUT_FILENO) >= 0 else {
                throw unwritable(String(cString: strerror(errno)))
            }
        }
        throw LabProcess.become(recording, at: place, of: process)
    }

    /// - Throws: `ValidationError` with tcpdump's words if it does not understand the filter.
    private func check() throws {
        guard let empty = tmpfile(), let said = tmpfile() else { return }
        defer { for one in [empty, said] { fclose(one) } }
        PacketRecorder.emptyFile.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, empty) }
        rewind(empty)
        let tool = try ChildProgram(
            ["tcpdump", "-r", "-", "-d"] + filter,
            input: fileno(empty),
            output: fileno(said),
            complaints: fileno(said)
        )
        guard tool.wait() != 0 else { return }
        let words = OutputFile.text(said).split(separator: "\n").last.map(String.init) ?? "it does not say why"
        throw ValidationError("tcpdump does not take \"\(filter.joined(separator: " "))\": \(words)")
    }

    /// Has tcpdump read what this process will write. It reads outside the lab: in its user namespace it could not become the
    /// user that it wants to be.
    private func startTool() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw unwritable(String(cString: strerror(errno))) }
        // The tool must not hold the end that it waits for.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let words =
            ["tcpdump", "-U", "-n"] + (getuid() == 0 ? ["-Z", "root"] : []) + ["-r", "-"]
            + (file.map { ["-w", $0] } ?? []) + filter
        _ = try ChildProgram(words, input: ends[0], isApart: true)
        close(ends[0])
        guard dup2(ends[1], STDOUT_FILENO) >= 0 else { throw unwritable(String(cString: strerror(errno))) }
        close(ends[1])
    }

    private func unwritable(_ cause: String) -> FerryError {
        FerryError(
            .labOutput,
            operation: "write",
            subject: file ?? "the packets",
            cause: cause,
            advice: "Name a file in a folder that is there and that you may write to."
        )
    }
}

/// The capturing, at the node.
struct Record: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the packets of this network namespace; started by `capture`.",
        shouldDisplay: false
    )

    @Option var device: String?
    @Option(name: .customLong("while")) var holder: Int32

    func run() throws {
        PendingStop.begin()
        let recorder = try PacketRecorder(device: device, output: STDOUT_FILENO)
        tell("capturing, until Ctrl-C")
        recorder.run { !PendingStop.isWanted && kill(holder, 0) == 0 }
        if kill(holder, 0) != 0 { tell("the lab has ended") }
        // Whoever reads what was captured has still to end.
        close(STDOUT_FILENO)
        while wait(nil) > 0 {}
    }

    private func tell(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
