internal import ArgumentParser
internal import FerryCore
internal import FerryIdentity
internal import FerryProof

/// `ferry proof`
struct ProofCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proof",
        abstract: "Check signed proofs that an image is what a disk was; needs no server.",
        subcommands: [ProofCheck.self, ProofShow.self]
    )
}

/// What every verb of `ferry proof` is given.
struct ProofArguments: ParsableArguments {
    @Argument(help: "The proof, from \"ferry staging prove\".") var file: String
    @Option(help: "The certificate of the authority that you trust; without it, the proof's own word is taken.")
    var ca: String?
    @Flag(help: "One JSON object.") var json = false

    /// The proof, after its signature and manifest were found to hold.
    func confirmed() throws -> (ProofFile, ConfirmedProof) {
        let authority = try ca.map { path throws(FerryError) in try AuthorityCertificate(file: path) }
        let proof = try ProofFile(path: file)
        do {
            return (proof, try proof.confirm(authority: authority))
        } catch let refused as ProofRefused {
            throw refusal(refused)
        }
    }

    func refusal(_ refused: ProofRefused) -> AnswerIsNo {
        if json {
            print(
                JSONText.object {
                    $0.member("confirmed", false)
                    $0.member("code", refused.reason.code.text)
                    $0.member("cause", refused.reason.summary)
                }
            )
        }
        return AnswerIsNo(text: "NOTHING IS PROVED: \(refused.reason)")
    }
}
