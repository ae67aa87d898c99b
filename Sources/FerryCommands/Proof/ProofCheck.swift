internal import ArgumentParser
internal import FerryCore
internal import FerryProof
internal import Glibc

/// `ferry proof check`
struct ProofCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare an image with a proof, byte for byte.",
        discussion: """
            Needs nothing but the proof, the image (a raw file or a block device) and the authority's certificate.

            EXIT STATUS: 0 the image is what the proof says, 1 the image could not be read, 2 the input is wrong, \
            3 the image differs, or the proof does not hold.
            """
    )

    @OptionGroup var arguments: ProofArguments
    @Option(help: "The image: a raw file or a block device.") var image: String
    @Option(help: "How many cores to use; 0 takes all.") var cores = 0

    func run() async throws {
        let image = try ImageFile(path: image)
        let (proof, confirmed) = try arguments.confirmed()
        let comparison: ImageComparison
        do {
            comparison = try await ImageComparison.compare(
                image,
                with: proof,
                tasks: cores > 0 ? cores : Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            )
        } catch let refused as ProofRefused {
            throw arguments.refusal(refused)
        }
        if arguments.json {
            print(
                JSONText.object {
                    $0.member("confirmed", true)
                    comparison.write(to: &$0)
                    $0.member("image", image.path)
                    confirmed.write(to: &$0)
                    $0.member("statement", object: proof.statement.write)
                }
            )
        } else {
            print(ProofText(proof, confirmed, imagePath: image.path, comparison: comparison).text)
        }
        guard comparison.isEqual else {
            throw AnswerIsNo(text: "the image \(image.path) is not what \(proof.path) proves")
        }
    }
}
