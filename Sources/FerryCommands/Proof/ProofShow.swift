internal import ArgumentParser
internal import FerryCore
internal import FerryProof

/// `ferry proof show`
struct ProofShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a proof states, after checking its signature and its manifest.",
        discussion: "EXIT STATUS: 0 it holds, 2 it is no proof, 3 it does not hold."
    )

    @OptionGroup var arguments: ProofArguments

    func run() throws {
        let (proof, confirmed) = try arguments.confirmed()
        guard arguments.json else { return print(ProofText(proof, confirmed).text) }
        print(
            JSONText.object {
                $0.member("confirmed", true)
                confirmed.write(to: &$0)
                $0.member("statement", object: proof.statement.write)
            }
        )
    }
}
