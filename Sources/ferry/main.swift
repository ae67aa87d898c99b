import FerryCommands
import Glibc

let status = await FerryCommand.status(of: Array(CommandLine.arguments.dropFirst()))
fflush(nil)
// Threads of measurements may still wait in system calls: nothing is taken down beneath them.
_exit(status)
