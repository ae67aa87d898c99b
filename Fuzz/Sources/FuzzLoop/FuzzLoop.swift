internal import Glibc

/// libFuzzer around one check: what its executables have in common.
public enum FuzzLoop {
    /// An input that fuzzing begins with.
    public typealias Seed = (name: String, bytes: [UInt8])

    // Set once, before the only thread that reads it begins to loop: a C function has no place for a closure's context.
    nonisolated(unsafe) private static var check: (UnsafeRawBufferPointer) -> Void = { _ in }

    /// `seed FOLDER IMAGE…` writes the seeds into a folder, those made of images among them; anything else is libFuzzer's
    /// affair. A trap in `check` is what is looked for.
    public static func run(seeds: () -> [Seed], check: @escaping (UnsafeRawBufferPointer) -> Void) {
        if CommandLine.arguments.count >= 3, CommandLine.arguments[1] == "seed" {
            for seed in seeds() { write(seed, to: CommandLine.arguments[2]) }
            return
        }
        FuzzLoop.check = check
        var count = CommandLine.argc
        var arguments: Arguments? = CommandLine.unsafeArgv
        exit(
            runDriver(&count, &arguments) { start, count in
                FuzzLoop.check(UnsafeRawBufferPointer(start: start, count: count))
                return 0
            }
        )
    }

    /// The paths of the images that seeds are to be made of.
    public static var images: ArraySlice<String> { CommandLine.arguments.dropFirst(3) }

    private static func write(_ seed: Seed, to folder: String) {
        let path = "\(folder)/\(seed.name)"
        guard let file = fopen(path, "w"), fwrite(seed.bytes, 1, seed.bytes.count, file) == seed.bytes.count,
            fclose(file) == 0
        else {
            perror(path)
            exit(1)
        }
    }
}

private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// libFuzzer's loop: SwiftPM wants an entry point of its own, so this one is called from it. Both calling conventions
/// pass three pointers alike.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<Arguments?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
