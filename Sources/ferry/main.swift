import FerryCommands
import Glibc

let status = FerryCommand.finish(await FerryCommand.status(of: Array(CommandLine.arguments.dropFirst())))
// Threads of measurements may still wait in system calls: nothing is taken down beneath them.
_exit(status)
