import Foundation

/// Where the workloads lie that this program had made, and the scripts that make them.
enum WorkloadCache {
    enum Size: String { case full, small }

    /// The directory with w1.img, w2.img and w3.img, which are made first if they are not there.
    static func directory(_ size: Size) throws(BenchmarkError) -> String {
        let variables = ProcessInfo.processInfo.environment
        let home = variables["XDG_CACHE_HOME"] ?? "\(variables["HOME"] ?? "/root")/.cache"
        let directory = "\(variables["FERRY_CACHE"] ?? "\(home)/ferry")/bench/\(size.rawValue)"
        let names = ["w1", "w2", "w3"].filter { !FileManager.default.fileExists(atPath: "\(directory)/\($0).img") }
        for name in names {
            let script = try script("make-workload.sh")
            let child = try ChildProcess.start(
                [script, "--\(size.rawValue)", directory, name],
                environment: variables,
                output: (1, 2)
            )
            guard child.wait() == .exited(0) else {
                throw BenchmarkError(.failure, "\(script) could not make \(name) in \(directory)")
            }
            try StopRequest.check()
        }
        return directory
    }

    private static func script(_ name: String) throws(BenchmarkError) -> String {
        for directory in ["Benchmarks", "."] where FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)")
        {
            return URL(filePath: "\(directory)/\(name)").path
        }
        throw BenchmarkError(.input, "run this where Ferry's sources are: Benchmarks/\(name) is not here")
    }
}
