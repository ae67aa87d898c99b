public import FerryCore
public import FerryEvidence

extension Site {
    /// The largest site file that is read, in bytes.
    public static let largestFile = 1 << 20

    /// Reads a site file, a YAML text as docs/manual/site.md describes it. Paths in it stay as they are.
    /// - Parameter source: the file's name, for errors.
    /// - Throws: `FerryError` with `ErrorCode.site` that tells of every problem with its line.
    public init(parsing text: String, from source: String) throws(FerryError) {
        let problems = SiteProblems(source: source)
        guard text.utf8.count <= Site.largestFile else {
            problems.add(1, "the file has more than \(Site.largestFile >> 20) MiB")
            throw problems.error
        }
        guard let tree = YAMLComposer.tree(of: text, problems) else { throw problems.error }
        guard case .mapping = tree.content else {
            problems.add(
                tree.line,
                "a site file has to be a mapping of keys to values; \"suspect\" at least has to be there"
            )
            throw problems.error
        }
        guard let mapping = SiteMapping(tree, "", problems), let site = Site(mapping), problems.isEmpty else {
            throw problems.error
        }
        self = site
    }

    private init?(_ file: SiteMapping) {
        let problems = file.problems
        file.require("suspect", "what fails, as { host: 198.51.100.20, port: 8703, protocol: ferry }")
        let suspect = file.member("suspect").flatMap { Endpoint($0.value, "suspect", .suspect, problems) }
        // Reading goes on without it, so that the rest is looked at too.
        self.init(suspect: suspect ?? Endpoint(host: "", port: 1))

        for item in file.items("controls") {
            guard let control = Endpoint(item, "controls", .control, problems) else { continue }
            if let suspect, suspect.isAt(control.host, control.port) {
                problems.add(item.line, "\"controls\": this is the suspect itself; a control is something that works")
            }
            controls.append(control)
        }
        for (text, line) in file.texts("alternatePorts") {
            guard let port = HostText.port(text) else {
                problems.add(line, "\"alternatePorts\": \"\(text)\" is not \(HostText.expectedPort)")
                continue
            }
            if port == suspect?.port { problems.add(line, "\"alternatePorts\": \(port) is the suspect's own port") }
            alternatePorts.append(port)
        }
        var names: [String: Int] = [:]
        for item in file.items("otherDestinations") {
            guard let other = Endpoint(item, "otherDestinations", .other, problems) else { continue }
            if let suspect, suspect.isAt(other.host, other.port) {
                problems.add(
                    item.line,
                    "\"otherDestinations\": this is the suspect itself; another destination is a host somewhere else"
                )
            }
            if let name = other.name {
                if let line = names[name] {
                    problems.add(item.line, "there is another destination \"\(name)\" already, in line \(line)")
                }
                names[name] = names[name] ?? item.line
            }
            otherDestinations.append(other)
        }
        readVantages(file)
        readAddresses(file)
        path = file.texts("path").map(\.text)
        readUplink(file)
        providerRecords = file.parsed("providerRecords", "exec:COMMAND, file:PATH or https://…") { text in
            ["exec:", "file:", "https://"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
                ? text : nil
        }
        history = file.text("history")
        allow = Set(
            file.texts("allow").compactMap { text, line in SiteMapping.word(text, "allow", line, problems) }
        )
        readBudget(file)
        readGuards(file)
        file.finish()
        if suspect == nil { return nil }
    }

    private mutating func readVantages(_ file: SiteMapping) {
        var lines: [String: Int] = [:]
        for item in file.items("vantages") {
            guard let vantage = Vantage(item, file.problems) else { continue }
            if let line = lines[vantage.name] {
                file.problems.add(item.line, "there is a vantage \"\(vantage.name)\" already, in line \(line)")
            }
            lines[vantage.name] = lines[vantage.name] ?? item.line
            vantages.append(vantage)
        }
    }

    private mutating func readAddresses(_ file: SiteMapping) {
        let names = SiteMapping.names(of: file.items("vantages"))
        for item in file.items("sourceAddresses") {
            guard let address = SourceAddress(item, file.problems) else { continue }
            if let via = address.via, !names.contains(via) {
                let known = names.isEmpty ? "there are none" : "they are \(names.joined(separator: ", "))"
                let question = NearestWord.question(via, among: names)
                file.problems.add(item.line, "\"via\": \"\(via)\" is none of the vantages; \(known)\(question)")
            }
            sourceAddresses.append(address)
        }
    }

    private mutating func readUplink(_ file: SiteMapping) {
        guard let mapping = file.mapping("uplink") else { return }
        let capacity = mapping.parsed("capacity", "a rate with its unit, as 200Mbit/s, from 64kbit/s to 400Gbit/s") {
            try? BitRate(parsing: $0)
        }
        let monitor = mapping.parsed("monitor", "file:PATH") {
            $0.hasPrefix("file:") && $0.utf8.count > "file:".utf8.count ? $0 : nil
        }
        mapping.finish()
        uplink = Uplink(bitsPerSecond: capacity?.bitsPerSecond, monitor: monitor)
    }

    private mutating func readBudget(_ file: SiteMapping) {
        guard let mapping = file.mapping("budget") else { return }
        let minutes = mapping.parsed("minutes", "a number of minutes over 0 and up to 1440", Site.minutes)
        let connects = mapping.parsed("suspectConnects", "a whole number of connections from 0 to 10000") {
            HostText.wholeNumber($0).flatMap { $0 <= 10000 ? $0 : nil }
        }
        mapping.finish()
        if let minutes { budget.minutes = minutes }
        if let connects { budget.suspectConnects = connects }
    }

    private mutating func readGuards(_ file: SiteMapping) {
        guard let mapping = file.mapping("guards") else { return }
        func number(_ key: String, of what: String, _ range: ClosedRange<Int>) -> Int? {
            mapping.parsed(key, "a whole number of \(what) from \(range.lowerBound) to \(range.upperBound)") {
                HostText.wholeNumber($0).flatMap { range.contains($0) ? $0 : nil }
            }
        }
        let between = number("secondsBetweenConnects", of: "seconds", Guards.secondsRange)
        let connects = number("connectsPerTenMinutes", of: "connections", Guards.connectsRange)
        let afterKill = number("secondsAfterKill", of: "seconds", Guards.secondsRange)
        mapping.finish()
        var read = Guards()
        if let between { read.secondsBetweenConnects = between }
        if let connects { read.connectsPerTenMinutes = connects }
        if let afterKill { read.secondsAfterKill = afterKill }
        guards = read
    }

    private static func minutes(_ text: String) -> Double? {
        // Double takes hexadecimal, infinity and what is no number as well.
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let minutes = Double(text), minutes > 0, minutes <= 1440
        else { return nil }
        return minutes
    }
}

extension SiteMapping {
    /// The names that a list's mappings have, also those of mappings with other problems.
    fileprivate static func names(of items: [YAMLNode]) -> [String] {
        items.compactMap { item in
            guard case .mapping(let members) = item.content else { return nil }
            return members.first { $0.key == "name" }?.value.text
        }
    }
}
