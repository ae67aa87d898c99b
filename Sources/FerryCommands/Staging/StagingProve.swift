internal import ArgumentParser
internal import FerryCore
internal import FerryIdentity
internal import FerryProof
internal import FerryStaging

/// `ferry staging prove`
struct StagingProve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write a signed proof of a volume's last generation.",
        discussion: """
            The proof is one file that anybody can check without this server: `ferry proof check`.
            A server may be at work in the data directory meanwhile.

            EXIT STATUS: 0 written, 3 there is no generation that the volume holds now.
            """
    )

    @Argument(help: "The volume, as JOB/DISK.") var volume: String
    @Option(help: "The data directory.") var data: String
    @Option(help: "The directory with proof-cert.pem and proof-key.pem, from \"ferry pki issue --staging\".")
    var identity: String
    @Option(help: "The file to write; it must not exist.") var out: String

    func run() throws {
        let signer = try ProofSigner(directory: identity)
        let line = ProgressLine()
        defer { line.end() }
        let statement = try AnswerIsNo.insteadOfNotReady {
            try VolumeCatalog(directory: data).withLastGeneration(of: volume) { manifest in
                let writer = try ProofWriter(path: out, statement: try ProofStatement(manifest), signer: signer)
                var regions = 0
                try manifest.forEachRegion {
                    try writer.append($0)
                    regions += 1
                    line.show("\(volume): manifest of \(regions) regions of 1 MiB written")
                }
                try writer.finish()
                return writer.statement
            }
        }
        line.end()
        print("\(volume): generation \(statement.generation), \(statement.consistency.rawValue), proved in \(out)")
        print("  root          \(statement.manifest.root)")
        print("  signed        \(statement.signedAt) by \(signer.identity)")
        print("Check it with: ferry proof check \(out) --image IMAGE --ca ca.pem")
    }
}

extension ProofStatement {
    /// What is to be stated of a generation.
    fileprivate init(_ manifest: GenerationManifest) throws {
        let (volume, generation) = (manifest.volume, manifest.generation)
        guard let started = UTCTime(parsing: generation.startedAt), let ended = UTCTime(parsing: generation.endedAt),
            let verified = UTCTime(parsing: generation.verifiedAt)
        else {
            throw FerryError(
                .stagingIndex,
                operation: "prove",
                subject: "generation \(generation.number) of \(volume.name)",
                cause: "a time of its pass is out of all bounds",
                advice: "Set the source server's clock and replicate again."
            )
        }
        var sum = ManifestSum(diskSize: manifest.size)
        try manifest.forEachRegion { try sum.append($0) }
        self.init(
            job: try JobID(volume.job),
            disk: try DiskName(volume.disk),
            volumeIdentifier: volume.identifier,
            agent: try AgentName(manifest.agent),
            // A volume's own may be of a pass that has begun since.
            diskIdentity: generation.identity ?? volume.identity,
            diskSize: manifest.size,
            cutRule: generation.cutRule ?? volume.cutRule,
            pass: generation.pass,
            generation: generation.number,
            consistency: generation.isConsistent ? .consistent : .fuzzy,
            startedAt: started,
            endedAt: ended,
            verifiedAt: verified,
            manifest: sum.summary,
            release: Release.version
        )
    }
}

extension AnswerIsNo {
    /// Runs `body`; that a volume holds no generation now is an answer, not a failure.
    static func insteadOfNotReady<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as FerryError where error.code == .volumeNotReady {
            throw AnswerIsNo(text: error.description)
        }
    }
}
