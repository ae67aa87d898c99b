import FerryCore
import FerryEvidence
import FerrySite
import Testing

/// What may not be in a site file, and that all of it is told at once with its line.
@Suite struct SiteProblemTests {
    /// The lines of the error's cause, without the file's name.
    private func problems(_ text: String) -> [String] {
        do {
            _ = try Site(parsing: text, from: "site.yaml")
            return []
        } catch {
            #expect(error.code == .site && error.code.kind == .input)
            return error.cause.split(separator: "\n").map { line in
                line.hasPrefix("site.yaml:") ? String(line.dropFirst("site.yaml:".count)) : String(line)
            }
        }
    }

    private static let good = "suspect: a.example:8703\n"

    @Test(arguments: [
        // Keys.
        ("controlls: []", "2: a site file has no key \"controlls\"; did you mean \"controls\"?; its keys are suspect"),
        ("source_addresses: []", "2: a site file has no key \"source_addresses\"; did you mean \"sourceAddresses\"?"),
        ("weather: sunny", "2: a site file has no key \"weather\"; its keys are suspect, controls"),
        ("budget: { minuts: 3 }", "2: \"budget\" has no key \"minuts\"; did you mean \"minutes\"?"),
        ("history: a\nhistory: b", "3: the key \"history\" is there already, in line 2"),
        ("? [a, b]\n: c", "2: a key has to be one word, and this is a list"),
        // Hosts and ports.
        ("controls: [{ port: 8080 }]", "2: \"controls\": \"host\" is missing"),
        ("controls: [{ host: a.example }]", "2: \"controls\": \"port\" is missing"),
        ("controls:\n  - host: a b\n    port: 1", "3: \"host\": \"a b\" is not a host name or an address"),
        ("controls: [{ host: 198.51.100.256, port: 1 }]", "2: \"host\": \"198.51.100.256\" is not a host name"),
        ("controls: [{ host: 8080, port: 1 }]", "2: \"host\": \"8080\" is not a host name"),
        ("controls: [{ host: a.example, port: 0 }]", "2: \"port\": \"0\" is not a port from 1 to 65535"),
        ("controls: [{ host: a.example, port: 65536 }]", "2: \"port\": \"65536\" is not a port"),
        ("controls: [{ host: a.example, port: -1 }]", "2: \"port\": \"-1\" is not a port"),
        ("controls: [{ host: a.example, port: +8703 }]", "2: \"port\": \"+8703\" is not a port"),
        ("controls: [{ host: a.example, port: 0x1F }]", "2: \"port\": \"0x1F\" is not a port"),
        ("controls: [{ host: a.example, port: 010 }]", "2: \"port\": \"010\" is not a port"),
        ("controls: [{ host: a.example, port: rsync }]", "2: \"port\": \"rsync\" is not a port"),
        ("controls: [{ host: a.example, port: [1] }]", "2: \"port\" has to be one value, and this is a list"),
        ("controls: [a.example]", "2: \"controls\": \"a.example\" is not HOST:PORT"),
        ("controls: [\"2001:db8::1:80\"]", "2: \"controls\": \"2001:db8::1:80\" is not HOST:PORT"),
        ("controls: [a.example:8703]", "2: \"controls\": this is the suspect itself"),
        ("controls: [A.Example.:8703]", "2: \"controls\": this is the suspect itself"),
        ("otherDestinations: [A.example:8703]", "2: \"otherDestinations\": this is the suspect itself"),
        ("controls: { host: a.example, port: 1 }", "2: \"controls\" has to be a list"),
        ("controls: [[a]]", "2: \"controls\" has to be a mapping of keys to values, and this is a list"),
        ("alternatePorts: [8702, 70000]", "2: \"alternatePorts\": \"70000\" is not a port"),
        ("alternatePorts: [8703]", "2: \"alternatePorts\": 8703 is the suspect's own port"),
        (
            "controls: [{ host: b.example, port: 1, protocol: htttp }]",
            "one of ferry, tls, tcp, http, rsync; did you mean \"http\"?"
        ),
        ("controls: [{ host: b.example, port: 1, relation: unrelated }]", "2: \"controls\" has no key \"relation\""),
        (
            "otherDestinations: [{ host: b.example, port: 1, relation: same }]",
            "\"same\" is not one of same-region, other-cloud, unrelated"
        ),
        (
            "otherDestinations: [{ name: x, host: b.example, port: 1 }, { name: x, host: c.example, port: 1 }]",
            "2: there is another destination \"x\" already, in line 2"
        ),
        // Vantages and addresses.
        ("vantages: [{ position: source-host, reach: 'unix:/s' }]", "2: \"vantages\": \"name\" is missing"),
        (
            "vantages: [{ name: a, reach: 'unix:/s' }]",
            "2: \"vantages\": \"position\" is missing: one of application, source-host"
        ),
        (
            "vantages: [{ name: a, position: source-host }]",
            "2: \"vantages\": \"reach\" is missing: unix:PATH or tls://HOST:PORT"
        ),
        ("vantages: [{ name: a, position: attic, reach: 'unix:/s' }]", "2: \"position\": \"attic\" is not one of"),
        ("vantages: [{ name: a, position: carrier, reach: 'ssh:b' }]", "2: \"reach\": \"ssh:b\" is not unix:PATH or"),
        (
            "vantages: [{ name: a, position: carrier, reach: 'tls://b' }]",
            "2: \"reach\": \"tls://b\" is not unix:PATH or"
        ),
        ("vantages: [source]", "2: \"vantages\" has to be a mapping of keys to values, and this is one value"),
        (
            "vantages:\n- { name: a, position: carrier, reach: 'unix:/s' }\n- { name: a, position: transit, reach: 'unix:/t' }",
            "4: there is a vantage \"a\" already, in line 3"
        ),
        (
            "sourceAddresses: [{ address: 203.0.113.60, via: b }]",
            "2: \"via\": \"b\" is none of the vantages; there are none"
        ),
        (
            "vantages: [{ name: neighbour, position: carrier, reach: 'unix:/s' }]\nsourceAddresses:\n- { address: 203.0.113.60, via: neigbour }",
            "4: \"via\": \"neigbour\" is none of the vantages; they are neighbour; did you mean \"neighbour\"?"
        ),
        ("sourceAddresses: [a.example]", "2: \"sourceAddresses\": \"a.example\" is not an address"),
        ("sourceAddresses: [{ via: a }]", "2: \"sourceAddresses\": \"address\" is missing"),
        // Quantities and words.
        ("uplink: { capacity: 200 }", "2: \"capacity\": \"200\" is not a rate with its unit, as 200Mbit/s"),
        ("uplink: { capacity: 200M }", "2: \"capacity\": \"200M\" is not a rate"),
        ("uplink: { capacity: 25MB/s }", "2: \"capacity\": \"25MB/s\" is not a rate"),
        ("uplink: { capacity: 1bit/s }", "2: \"capacity\": \"1bit/s\" is not a rate"),
        ("uplink: 200Mbit/s", "2: \"uplink\" has to be a mapping of keys to values, and this is one value"),
        ("uplink: { monitor: egress.csv }", "2: \"monitor\": \"egress.csv\" is not file:PATH"),
        ("budget: { minutes: 0 }", "2: \"minutes\": \"0\" is not a number of minutes over 0 and up to 1440"),
        ("budget: { minutes: nan }", "2: \"minutes\": \"nan\" is not a number"),
        ("budget: { minutes: 10 min }", "2: \"minutes\": \"10 min\" is not a number"),
        ("budget: { minutes: -3 }", "2: \"minutes\": \"-3\" is not a number"),
        ("budget: { suspectConnects: 2.5 }", "2: \"suspectConnects\": \"2.5\" is not a whole number"),
        ("budget: { suspectConnects: many }", "2: \"suspectConnects\": \"many\" is not a whole number"),
        (
            "guards: { secondsBetweenConnect: 30 }",
            "2: \"guards\" has no key \"secondsBetweenConnect\"; did you mean \"secondsBetweenConnects\"?; its keys are secondsBetweenConnects, connectsPerTenMinutes, secondsAfterKill"
        ),
        (
            "guards:\n  secondsBetweenConnects: 0",
            "3: \"secondsBetweenConnects\": \"0\" is not a whole number of seconds from 1 to 86400"
        ),
        (
            "guards: { connectsPerTenMinutes: 1001 }",
            "2: \"connectsPerTenMinutes\": \"1001\" is not a whole number of connections from 1 to 1000"
        ),
        ("guards: { secondsAfterKill: 86401 }", "2: \"secondsAfterKill\": \"86401\" is not a whole number of seconds"),
        ("guards: { secondsAfterKill: -120 }", "2: \"secondsAfterKill\": \"-120\" is not a whole number of seconds"),
        ("guards: { secondsAfterKill: 1.5 }", "2: \"secondsAfterKill\": \"1.5\" is not a whole number of seconds"),
        ("guards: none", "2: \"guards\" has to be a mapping of keys to values, and this is one value"),
        (
            "allow: [ rate-tests ]",
            "2: \"allow\": \"rate-tests\" is not one of source-address-swap, rate-test, silence; did you mean \"rate-test\"?"
        ),
        ("allow: true", "2: \"allow\": \"true\" is not one of source-address-swap"),
        (
            "providerRecords: http://a.example",
            "2: \"providerRecords\": \"http://a.example\" is not exec:COMMAND, file:PATH or https://"
        ),
        ("providerRecords: 'exec:'", "2: \"providerRecords\": \"exec:\" is not exec:COMMAND"),
        ("history: [a]", "2: \"history\" has to be one value, and this is a list"),
        ("history: \"a\\nb\"", "2: \"history\" has a control character, a line break"),
        ("path: [\"\\e[31m\"]", "2: \"path\" has a control character"),
        ("path: [\"a\\u202Eb\", \"\\L\"]", "2: \"path\" has a control character"),
        ("history: ''", "2: \"history\" is empty"),
        ("path: { a: b }", "2: \"path\" has to be a list"),
        // What of YAML is not taken.
        ("history: &a b", "2: an anchor (&) is not taken"),
        ("history: &a b\nproviderRecords: *a", "3: the alias *a is not taken"),
        ("budget: { <<: { minutes: 3 } }", "2: the merge key << is not taken"),
        ("history: !!str a", "2: a tag (!) is not taken"),
        ("---\nsuspect: b.example:1", "2: a second document begins here"),
        ("path: " + String(repeating: "[", count: 40), "2: this is nested deeper than 16 levels"),
        ("path: [a, b", "this is no YAML: while parsing a flow sequence"),
        (
            "budget:\n\tminutes: 3",
            "3: this is no YAML: while scanning for the next token, found character that cannot start any token (a tab cannot indent"
        ),
        ("history: \"\u{7}\"", "2: this is no YAML: control characters are not allowed"),
    ]) func isTold(_ text: String, _ expected: String) {
        let problems = problems(Self.good + text + "\n")
        #expect(problems.count { $0.contains(expected) } == 1, "\(problems)")
        #expect(problems.allSatisfy { !$0.isEmpty && $0.first!.isNumber }, "each has its line: \(problems)")
    }

    @Test(arguments: [
        ("", "1: a site file has to be a mapping"), ("just words", "1: a site file has to be a mapping"),
        ("- a", "1: a site file has to be a mapping"), ("# nothing\n", "1: a site file has to be a mapping"),
        ("history: a", "1: \"suspect\" is missing"), ("suspect:\nhistory: a", "1: \"suspect\" is missing"),
        ("suspect: &a b:1", "1: an anchor (&) is not taken"), ("suspect: []", "1: \"suspect\" has to be a mapping"),
        ("suspect: { host: a.example, port: 8703, name: [x] }", "1: \"name\" has to be one value"),
    ]) func whatTheFileIsAboutHasToBeThere(_ text: String, _ expected: String) {
        #expect(problems(text).contains { $0.hasPrefix(expected) }, "\(problems(text))")
    }

    @Test func everyProblemIsToldAtOnceInTheOrderOfTheFile() {
        let told = problems(
            """
            suspect: { host: 198.51.100.300, port: 99999, protocol: gopher }
            contrls: []
            vantages:
              - { name: a, position: source-host, reach: "unix:/a" }
              - { name: a, position: nowhere }
            sourceAddresses: [ { address: x, via: c } ]
            uplink: { capacity: 200 }
            budget: { minutes: soon, suspectConnects: -1 }
            """
        )
        #expect(told.map { $0.prefix { $0 != ":" } } == ["1", "1", "1", "2", "5", "5", "6", "7", "8", "8"])
        #expect(
            told[0].hasPrefix("1: \"host\"") && told[1].hasPrefix("1: \"port\"") && told[2].hasPrefix("1: \"protocol\"")
        )
    }

    @Test func anAliasGivesNoProblemOfItsPlace() {
        #expect(problems("suspect: a.example:1\nbudget: &b { minutes: 3 }\nuplink: *b\n").count == 2)
    }

    @Test func aFileThatIsSomethingElseIsNotToldLineByLine() {
        let told = problems(Self.good + (0..<900).map { "key\($0): 1\n" }.joined())
        #expect(told.count == 51 && told.last == "and 850 more")
    }

    @Test func moreThanAMebibyteIsRefused() {
        let comment = "#" + String(repeating: " ", count: (1 << 20) - Self.good.utf8.count - 2) + "\n"
        #expect(problems(Self.good + comment).isEmpty)
        #expect(problems(Self.good + comment + "#") == ["1: the file has more than 1 MiB"])
    }

    @Test func listsAndTextsHaveTheirEnd() {
        #expect(problems(Self.good + "path: [\(String(repeating: "a,", count: 257))]")[0].contains("has 257 items"))
        #expect(problems(Self.good + "history: \(String(repeating: "a", count: 4097))")[0].contains("has 4097 bytes"))
    }
}
