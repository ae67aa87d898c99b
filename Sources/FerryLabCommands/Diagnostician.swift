internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import FerryProcess
internal import Foundation

/// Who diagnoses.
enum Diagnostician: String, ExpressibleByArgument, CaseIterable {
    /// `ferry diagnose`, with `ferry-agent vantage` at the vantages.
    case ferry
    /// What a careful engineer does by hand.
    case expert
    /// The flow chart of a good runbook.
    case tree
    /// What was done in the case.
    case telnet

    /// The program `name`, beside this one or where programs are.
    static func program(_ name: String) -> String? {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
        return access(beside, X_OK) == 0 ? beside : ChildProgram.path(of: name)
    }

    /// Why `ferry` cannot diagnose here; nil if it can.
    static var obstacleToFerry: String? {
        for name in ["ferry", "ferry-agent"] where program(name) == nil {
            return "the program \(name) is neither beside ferry-lab nor where programs are"
        }
        for (name, verb, option) in [("ferry", "diagnose", "--site"), ("ferry-agent", "vantage", "--listen")] {
            // Help for a verb that is not there is help for the program, so only the verb's own option shows that it is.
            if !help(name, verb).contains(option) { return "this \(name) has no verb \"\(verb)\"" }
        }
        return nil
    }

    private static func help(_ name: String, _ verb: String) -> String {
        guard let path = program(name), let output = tmpfile() else { return "" }
        defer { fclose(output) }
        let words = [path, verb, "--help"]
        guard let child = try? ChildProgram(words, output: fileno(output), complaints: fileno(output)) else {
            return ""
        }
        _ = child.wait()
        return OutputFile.text(output)
    }

    /// Ferry if it can, else the expert.
    static var usual: Diagnostician { obstacleToFerry == nil ? .ferry : .expert }

    /// - Throws: `FerryError` with `ErrorCode.labTool` if it is not to be had.
    func check() throws(FerryError) {
        guard self == .ferry, let obstacle = Diagnostician.obstacleToFerry else { return }
        throw FerryError(
            .labTool,
            operation: "diagnose",
            subject: "by ferry",
            cause: obstacle,
            advice: "Put a ferry that can beside ferry-lab, or score a baseline: --by expert."
        )
    }
}
