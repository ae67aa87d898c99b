internal import FerryCore
internal import FerryIdentity
internal import FerryImage

/// A proof in words, for one screen: what is stated, what was checked, and what is not proved.
///
/// Everything that comes from the proof is printable by the rules of its format.
public struct ProofText: Sendable {
    private let proof: ProofFile
    private let confirmed: ConfirmedProof
    private let imagePath: String?
    private let comparison: ImageComparison?
    private var statement: ProofStatement { proof.statement }

    /// The text of a proof that holds, and of what comparing it with the image at `imagePath` showed, if anything was
    /// compared.
    public init(
        _ proof: ProofFile,
        _ confirmed: ConfirmedProof,
        imagePath: String? = nil,
        comparison: ImageComparison? = nil
    ) {
        self.proof = proof
        self.confirmed = confirmed
        self.imagePath = imagePath
        self.comparison = comparison
    }

    /// The text, without the end of its last line.
    public var text: String {
        (verdict + stated + checked + ["NOT PROVED"] + notProved.flatMap { ProofText.item($0) }).joined(separator: "\n")
    }

    private var verdict: [String] {
        guard let comparison, let imagePath else { return [] }
        let name = "generation \(statement.generation) of \(statement.volume)"
        guard !comparison.isEqual else { return ["EQUAL: \(imagePath) is \(name)", ""] }
        var lines = ["NOT EQUAL: \(imagePath) is not \(name)"]
        if !comparison.hasRightSize {
            lines.append("  size          \(exact(comparison.imageSize)) instead of \(exact(comparison.diskSize))")
        }
        if !comparison.differing.isEmpty {
            lines.append(
                "  differs       in \(comparison.differingRegions) of \(confirmed.regions) regions of 1 MiB, by "
                    + "\(exact(ByteCount(comparison.differing.bytes))) in whole chunks and blocks"
            )
            lines += list(comparison.differing, as: "  first         ")
        }
        return lines + [""]
    }

    private var stated: [String] {
        let manifest = statement.manifest
        let content = [
            (manifest.dataBytes, "data"), (manifest.zeroBytes, "zero"), (manifest.unusedBytes, "unused"),
            (manifest.damagedBytes, "damaged"),
        ]
        return [
            "STATED",
            "  disk          \(statement.volume), \(exact(statement.diskSize)), of agent \(statement.agent)",
            "  known as      \(statement.printableIdentity.isEmpty ? "nothing" : statement.printableIdentity)",
            "  read          \(statement.startedAt.inSeconds) to \(statement.endedAt.inSeconds), pass \(statement.pass), "
                + statement.consistency.rawValue,
            "  read back     \(statement.verifiedAt.inSeconds), generation \(statement.generation), "
                + "volume \(statement.volumeIdentifier)",
            "  content       \(content.map { "\(ByteCount($0.0)) \($0.1)" }.joined(separator: ", "))",
            "  manifest      \(manifest.root)",
            "  signed        \(statement.signedAt.inSeconds) by \(confirmed.signer.identity), Ferry \(statement.release)",
            "  certificate   \(confirmed.signer.certificateFingerprint)",
            "  authority     \(confirmed.signer.authority.fingerprint)",
            "",
        ]
    }

    private var checked: [String] {
        var lines = [
            "CHECKED",
            "  signature     holds, and the certificate was valid when it says it signed",
            "  manifest      \(confirmed.regions) regions of 1 MiB have the signed root and add up",
        ]
        if let comparison, comparison.isEqual {
            lines.append(
                "  image         every byte compared from \(comparison.startedAt.inSeconds) to "
                    + comparison.endedAt.inSeconds
            )
        }
        if confirmed.signer.isAuthorityNamed { lines.append("  authority     is the one that you named") }
        return lines + [""]
    }

    private var notProved: [String] {
        var lines: [String] = []
        if comparison == nil {
            lines.append("anything of an image: none was compared (`ferry proof check FILE --image PATH` does)")
        }
        if !confirmed.signer.isAuthorityNamed {
            lines.append(
                "who signed: no authority was named with --ca, and the proof brings its own. Compare the authority's "
                    + "fingerprint with one had from elsewhere"
            )
        }
        if statement.consistency == .fuzzy {
            lines.append(
                "that the disk ever was in this state at one moment: the image is fuzzy, each block is as it was at "
                    + "some moment up to \(statement.endedAt.inSeconds), while the disk was written to"
            )
        }
        if statement.manifest.damagedBytes > 0 {
            lines.append(
                "\(exact(ByteCount(statement.manifest.damagedBytes))) that the source could not read and that are zero "
                    + "in the image: \(places(confirmed.damaged))"
            )
        }
        if statement.manifest.unusedBytes > 0 {
            lines.append(
                "what the \(ByteCount(statement.manifest.unusedBytes)) held that the disk's file systems did not use: "
                    + "they are zero in the image"
            )
        }
        if let comparison, comparison.isEqual, comparison.imageSize > comparison.diskSize {
            lines.append(
                "the \(exact(comparison.imageSize - comparison.diskSize)) of the device behind the disk's end"
            )
        }
        lines.append("the times: those of reading are the source server's word, the others the staging server's")
        lines.append(
            "that the agent read the disk that it names: the signature is the staging server's, who has its word"
        )
        return lines
    }

    /// One item of a list, in lines of at most 100 columns.
    private static func item(_ text: String) -> [String] {
        var lines = ["  -"]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].utf8.count + 1 + word.utf8.count > 100 { lines.append("   ") }
            lines[lines.count - 1] += " \(word)"
        }
        return lines
    }

    private func list(_ extents: ExtentList, as label: String) -> [String] {
        let blank = String(repeating: " ", count: label.count)
        let lines = extents.first.prefix(8).enumerated().map { index, extent in
            "\(index == 0 ? label : blank)\(extent.length) at byte \(extent.start.bytes)"
        }
        return lines + (extents.first.count > 8 || extents.hasMore ? [blank + "and more"] : [])
    }

    private func places(_ extents: ExtentList) -> String {
        let places = extents.first.prefix(3).map { "\($0.length) at byte \($0.start.bytes)" }.joined(separator: ", ")
        return places + (extents.first.count > 3 || extents.hasMore ? " and more" : "")
    }

    private func exact(_ count: ByteCount) -> String {
        count.bytes < 1024 ? "\(count)" : "\(count) (\(count.bytes) B)"
    }
}

extension UTCTime {
    /// Without the fraction, for people.
    fileprivate var inSeconds: String { "\(description.prefix { $0 != "." })Z" }
}
