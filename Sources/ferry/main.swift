import FerryCommands
import Glibc

exit(await FerryCommand.status(of: Array(CommandLine.arguments.dropFirst())))
