internal import Glibc

/// One run: the input is a disk.
private func run(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    DiskFuzzing.partitionTable(bytes)
    DiskFuzzing.usage(bytes)
    return 0
}

private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// libFuzzer's loop. Both calling conventions pass three pointers alike.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<Arguments>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
struct FuzzDisk {
    // SwiftPM wants an entry point of its own, so the one of libFuzzer is called from it.
    static func main() {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "seed" {
            write(HandMadeXFS().bytes, to: CommandLine.arguments[2] + "/xfs")
            return
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runDriver(&count, &arguments) { run($0, $1) }
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w") else { return perror(path) }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
