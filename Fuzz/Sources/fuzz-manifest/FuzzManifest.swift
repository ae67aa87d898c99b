internal import FuzzLoop

/// The input is a byte that says which, and a whole proof, or a disk's size and its manifest.
@main struct FuzzManifest {
    static func main() {
        FuzzLoop.run(seeds: ProofSeeds.all) { input in
            guard let first = input.first else { return }
            let rest = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            if first & 1 == ProofSeeds.proof { ProofCheck.proof(rest) } else { ProofCheck.manifest(rest) }
        }
    }
}
