internal import FerryCore
internal import FerryProcess
internal import Glibc

/// The agent's command line.
public enum AgentProgram {
    /// The release, told to peers and by `--version`.
    public static let release = "0.1.0"

    private static let help = """
        ferry-agent moves the disks of this server to a staging server, and can tell beforehand what would stop it.

        USAGE: ferry-agent <verb> [options]

        VERBS
          replicate   move disks to a staging server
          check       say what would stop the move: this server, its disks, the way to the staging server
          inspect     show the partitions and file systems of a disk, and what of it would be copied
          vantage     make measurements from here for a diagnosis

        Every verb has its own --help. EXIT STATUS: 0 done, 1 Ferry failed, 2 the input is wrong, 3 done but the
        answer is no.

        """

    /// Runs the command line `words`, without the program's name, and returns the exit status.
    public static func run(_ words: [String]) async -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        HeapReuse.keepLargeBuffers()
        var rest = words
        let verb = rest.isEmpty ? "--help" : rest.removeFirst()
        do {
            switch verb {
            case "replicate": return try await Replicate.run(rest)
            case "check": return try await Check.run(rest)
            case "inspect": return try Inspect.run(rest)
            case "vantage": return try await Vantage.run(rest)
            case "--version": Output.line("ferry-agent \(release)")
            case "--help", "-h", "help": Output.text(help)
            default:
                Output.error("ferry-agent: there is no verb \"\(verb)\". See \"ferry-agent --help\".")
                return 2
            }
            return 0
        } catch let error as FerryError {
            Output.error("ferry-agent: \(error)")
            return error.code.kind == .input ? 2 : 1
        } catch is CancellationError {
            Output.error("ferry-agent: stopped; the same command goes on where it stopped")
            return 1
        } catch {
            Output.error("ferry-agent: \(error)")
            return 1
        }
    }
}
