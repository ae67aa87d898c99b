internal import ArgumentParser
internal import FerryEvidence
internal import FerryReport

extension DiagnoseCommand {
    func validate() throws {
        if let tier, !(0...3).contains(tier) {
            throw ValidationError("--tier \(tier): it has to be from 0 to 3.")
        }
        if let timeScale, !(0.001...10).contains(timeScale) {
            throw ValidationError("--time-scale: it has to be from 0.001 to 10.")
        }
        try validateSubject()
        let ofASuspect = [("--control", !control.isEmpty), ("--allow", !allow.isEmpty), ("--protocol", speaks != nil)]
        if suspect == nil, let option = first(of: ofASuspect) {
            throw ValidationError(
                "\(option) goes with HOST:PORT: a site file or an earlier diagnosis says it itself. Leave it out."
            )
        }
        let ofANewOne = [
            ("--incident", incident != nil), ("--capture", !captures.isEmpty), ("--tier", tier != nil),
            ("--time-scale", timeScale != nil),
        ]
        let ofAnEarlierOne = [
            ("--continue", goOn != nil), ("--confirm", confirm != nil), ("--replay", replay != nil),
        ]
        if let earlier = first(of: ofAnEarlierOne), let option = first(of: ofANewOne) {
            throw ValidationError(
                "\(option) is for a new diagnosis: with \(earlier) all is as it was then. Leave one of them out."
            )
        }
        if json, lang != .english {
            throw ValidationError(
                "--lang is of the text; --json is the same in all languages, and has a kind for each sentence: leave one of them out."
            )
        }
        if replay != nil, identity != nil {
            throw ValidationError("--identity is shown to vantages, and --replay asks none: leave one of them out.")
        }
    }

    private func validateSubject() throws {
        let ways: [(name: String, isGiven: Bool)] = [
            ("HOST:PORT", suspect != nil), ("--site", site != nil), ("--continue", goOn != nil),
            ("--confirm", confirm != nil), ("--replay", replay != nil),
        ]
        let given = ways.filter(\.isGiven).map(\.name)
        guard !given.isEmpty else {
            throw ValidationError(
                "Say what fails, by one of HOST:PORT, --site FILE, --continue DIR, --confirm DIR and --replay DIR."
            )
        }
        guard given.count == 1 else {
            throw ValidationError(
                "\(given.joined(separator: " and ")) were given, and each says what fails: leave all but one out."
            )
        }
        // Without a site file there is no address that it could be tried from.
        if suspect != nil, allow.contains(.sourceAddressSwap) {
            throw ValidationError(
                "--allow source-address-swap goes with a site file that names the addresses: put them there as "
                    + "sourceAddresses, with allow: [ source-address-swap ], and give it with --site."
            )
        }
    }

    /// The first that is given.
    private func first(of options: [(name: String, isGiven: Bool)]) -> String? { options.first(where: \.isGiven)?.name }
}
