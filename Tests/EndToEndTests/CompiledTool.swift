import Foundation

/// A C program of Tests/Tools, compiled for one test.
enum CompiledTool {
    /// Compiles Tests/Tools/`name`.c into `folder` and returns the program's path.
    static func make(_ name: String, in folder: String) async throws -> String {
        let program = "\(folder)/\(name)"
        let source = "\(Programs.repository)/Tests/Tools/\(name).c"
        let (status, output) = try await RunningProgram.run(
            ["gcc", "-Wall", "-Wextra", "-Werror", "-O1", "-o", program, source],
            in: folder
        )
        guard status == 0 else { throw TestFailure("could not compile \(name).c: \(output)") }
        return program
    }
}
