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
        let recording = [own, "record"] + (device.map { ["--device", $0] } ?? [])
        var ends: [Int32] = [0, 0]
        guard needsTool, pipe(&ends) == 0 else {
            let output = open(file ?? "", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
            guard output >= 0, dup2(output, STDOUT_FILENO) >= 0 else {
                throw unwritable(String(cString: strerror(errno)))
            }
            throw LabProcess.become(recording, at: place, of: process)
        }
        // tcpdump reads outside the lab: in its user namespace it could not become the user that it wants to be.
        let words = ["tcpdump", "-U", "-n", "-Z", "root", "-r", "-"] + (file.map { ["-w", $0] } ?? []) + filter
        let tool = try ChildProgram(getuid() == 0 ? words : words.filter { $0 != "-Z" && $0 != "root" }, input: ends[0])
        close(ends[0])
        guard tool.process > 0, dup2(ends[1], STDOUT_FILENO) >= 0 else {
            throw unwritable(String(cString: strerror(errno)))
        }
        close(ends[1])
        throw LabProcess.become(recording, at: place, of: process)
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

    func run() throws {
        PendingStop.begin()
        let recorder = try PacketRecorder(device: device, output: STDOUT_FILENO)
        let told = Array("capturing, until Ctrl-C\n".utf8)
        _ = write(STDERR_FILENO, told, told.count)
        recorder.run { !PendingStop.isWanted }
    }
}
