internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct Down: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a lab; nothing is left of its network.")

    @OptionGroup var lab: LabName

    func run() throws {
        let folder = try LabChoice.folder(lab.name)
        let process = try folder.runningProcess()
        let own = LabProcess.userNamespace(of: process)
        _ = try? LabSocket.ask(.down, folder)
        // It ends by itself; one that hangs is ended.
        for attempt in 0..<200 where folder.process != nil {
            if attempt == 100 { kill(process, SIGKILL) }
            usleep(10_000)
        }
        folder.remove()
        if let own { LabProcess.endAll(in: own) }
        print("\(folder.name) is down")
    }
}
