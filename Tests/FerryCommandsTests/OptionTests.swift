import ArgumentParser
import Testing

@testable import FerryCommands

/// What is given and would not be used is refused, and said by name.
@Suite struct OptionTests {
    /// Why a command line is refused; nil if it is not.
    static func refusal<Command: ParsableCommand>(_ command: Command.Type, _ words: String) -> String? {
        do {
            _ = try command.parse(words.split(separator: " ").map(String.init))
            return nil
        } catch {
            return command.message(for: error)
        }
    }

    @Test(arguments: [
        ("--half-open --bytes 1MiB", ["--bytes", "--half-open"]),
        ("--half-open --payload real", ["--payload", "--half-open"]),
        ("--half-open --idle 2s", ["--idle", "--half-open"]),
        ("--half-open --concurrency 2", ["--concurrency", "--half-open"]),
        ("--half-open --bytes 1MiB --rate 1Mbit/s", ["--bytes", "--half-open"]),
        ("--ladder --bytes 1MiB", ["--bytes", "--ladder"]),
        ("--ladder --half-open", ["--half-open", "--ladder"]),
        ("--ladder --count 3", ["--count", "--ladder"]),
        ("--ladder --content-ladder", ["--ladder", "--content-ladder"]),
        ("--ladder --ttl 5", ["--ttl", "--ladder"]),
        ("--content-ladder --payload real", ["--payload", "--content-ladder"]),
        ("--content-ladder --concurrency 4", ["--concurrency", "--content-ladder"]),
        ("--rate-steps 1M,2M --count 3", ["--count", "--rate-steps"]),
        ("--keep-alive", ["--keep-alive", "--idle"]),
        ("--interval 5s", ["--interval", "--count"]),
        ("--half-open --protocol rsync", ["--protocol", "--half-open"]),
        ("--half-open --answer-wait 5s", ["--answer-wait", "--half-open"]),
        ("--ladder --protocol http", ["--protocol", "--ladder"]),
        ("--ladder --connect-wait 5s", ["--connect-wait", "--ladder"]),
        ("--content-ladder --interval 5s", ["--interval", "--content-ladder"]),
    ])
    func probeNamesWhatItWouldIgnore(words: String, named: [String]) throws {
        let said = try #require(OptionTests.refusal(ProbeCommand.self, "203.0.113.11:8703 \(words)"))
        #expect(named.allSatisfy { said.contains($0) }, "\(said)")
    }

    @Test(arguments: ["--interval 5", "--idle 2h", "--connect-wait 0s", "--answer-wait soon"])
    func timeOfAnotherFormIsToldTheForm(words: String) throws {
        let said = try #require(OptionTests.refusal(ProbeCommand.self, "203.0.113.11:8703 \(words)"))
        #expect(said.contains(words.split(separator: " ")[0]) && said.contains("as 500ms or 2s"), "\(said)")
    }

    @Test(arguments: [("500ms", 0.5), ("2s", 2), ("1.5m", 90), ("1h", 3600)])
    func timeIsReadWithItsUnit(text: String, seconds: Double) throws {
        #expect(try ProbeTime(parsing: text).seconds == seconds)
    }

    @Test(arguments: ["foo", "0", "70000", "8080/", "8080/ftp"])
    func controlOfAnotherFormIsToldTheForm(control: String) throws {
        let said = try #require(OptionTests.refusal(DiagnoseCommand.self, "203.0.113.11:8703 --control \(control)"))
        #expect(said.contains("PORT/PROTOCOL, as 8080 or 8080/http") && said.contains("rsync"), "\(said)")
    }

    @Test(arguments: ["--from abc", "--from 192.0.2.77", "--bytes 0B", "--bytes 65GiB", "--bytes 10PiB"])
    func refusalInAProbesInputShowsTheProbesUsage(words: String) {
        do {
            _ = try FerryCommand.parseAsRoot(["probe", "127.0.0.1:9"] + words.split(separator: " ").map(String.init))
            Issue.record("\(words) was taken")
        } catch {
            let said = FerryCommand.fullMessage(for: error)
            #expect(said.contains(words) && said.contains("Usage: ferry probe "), "\(said)")
            #expect(!words.hasPrefix("--bytes") || said.contains("64GiB"), "\(said)")
        }
    }

    @Test(arguments: [
        "--half-open --ecn --ttl 9 --segment 536 --count 2", "--ladder --from 127.0.0.1",
        "--content-ladder --protocol rsync --json",
        "--idle 2s --keep-alive", "--rate-steps 1M,2M --payload real", "--bytes 1MiB --rate 1Mbit/s --concurrency 3",
    ])
    func probeTakesWhatItUses(words: String) {
        #expect(OptionTests.refusal(ProbeCommand.self, "203.0.113.11:8703 \(words)") == nil)
    }

    @Test(arguments: [
        ("--site s.yaml --protocol rsync", ["--protocol"]),
        ("--site s.yaml --control 8080", ["--control"]),
        ("--site s.yaml --allow silence", ["--allow"]),
        ("--continue d --tier 1", ["--tier", "--continue"]),
        ("--confirm d --time-scale 0.5", ["--time-scale", "--confirm"]),
        ("--replay d --capture c.pcap", ["--capture", "--replay"]),
        ("--replay d --protocol rsync", ["--protocol"]),
        ("--replay d --identity i", ["--identity", "--replay"]),
        ("--replay d --site s.yaml", ["--site", "--replay"]),
        ("--continue d --incident e", ["--incident", "--continue"]),
        ("--replay d --json --lang zh", ["--lang", "--json"]),
        ("203.0.113.11:8703 --site s.yaml", ["HOST:PORT and --site were given"]),
        ("203.0.113.11:8703 --allow source-address-swap", ["source-address-swap", "sourceAddresses", "--site"]),
    ])
    func diagnoseNamesWhatItWouldIgnore(words: String, named: [String]) throws {
        let said = try #require(OptionTests.refusal(DiagnoseCommand.self, words))
        #expect(named.allSatisfy { said.contains($0) }, "\(said)")
    }

    @Test(arguments: [
        "--site s.yaml --tier 2 --time-scale 0.05 --incident d --capture c.pcap", "--continue d --identity i --json",
        "203.0.113.11:8703 --protocol rsync --control 8080/http --allow silence --tier 0", "--replay d --explain",
    ])
    func diagnoseTakesWhatItUses(words: String) {
        #expect(OptionTests.refusal(DiagnoseCommand.self, words) == nil)
    }
}
