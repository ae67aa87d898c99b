extension PreCheckID {
    /// The kernel's version and the processor's kind.
    public static let kernel = PreCheckID("machine.kernel")
}

/// Whether the agent is made for this kernel and this processor.
enum MachineCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        guard let release = server.kernelRelease else {
            return [.unchecked(.kernel, "The kernel's version", because: "/proc/sys/kernel/osrelease cannot be read")]
        }
        guard let machine = server.kernel.machine() else {
            return [.unchecked(.kernel, "The processor's kind", because: "the kernel does not say")]
        }
        let seen = "The kernel is \(release) on \(machine)"
        guard ["x86_64", "aarch64"].contains(machine) else {
            return [
                PreCheckFinding(
                    .kernel,
                    .critical,
                    seen,
                    advice: "Ferry moves servers with x86_64 and aarch64 processors only."
                )
            ]
        }
        let numbers = release.utf8.split { !(0x30...0x39).contains($0) }.prefix(2).compactMap { Int(Substring($0)) }
        guard numbers.count == 2 else {
            return [.unchecked(.kernel, "The kernel's version", because: "\"\(release)\" is no version")]
        }
        if (numbers[0], numbers[1]) < (3, 10) {
            return [
                PreCheckFinding(
                    .kernel,
                    .warning,
                    seen,
                    advice: "The agent is tested with kernel 3.10 and newer: try one disk first."
                )
            ]
        }
        return [PreCheckFinding(.kernel, .ok, seen)]
    }
}
