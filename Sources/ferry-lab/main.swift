import FerryLabCommands
import Glibc

exit(LabCommand.status(of: Array(CommandLine.arguments.dropFirst())))
