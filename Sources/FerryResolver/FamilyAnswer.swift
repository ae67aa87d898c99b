internal import FerryAddress

/// What one answer says about one family of addresses.
enum FamilyAnswer: Equatable {
    /// These addresses, after these aliases, true for so many seconds.
    case addresses([IPAddress], aliases: [DomainName], secondsToLive: UInt32)
    /// The name exists and has none; it is an alias of the last of these, if there are any.
    case nothing(aliases: [DomainName])
    /// There is no such name.
    case noSuchName
    /// The server did not help.
    case failure(ServerFailure)

    /// No honest zone has more aliases in a row; a circle of them has no end.
    static let mostAliases = 16

    init(_ message: DNSMessage, of name: DomainName, _ family: AddressFamily) {
        guard message.responseCode == 0 else {
            self = message.responseCode == 3 ? .noSuchName : .failure(.responseCode(message.responseCode))
            return
        }
        var current = name
        var aliases: [DomainName] = []
        var secondsToLive = UInt32.max
        while let alias = message.alias(of: current) {
            guard aliases.count < FamilyAnswer.mostAliases else {
                self = .failure(.unreadable)
                return
            }
            secondsToLive = min(secondsToLive, alias.secondsToLive)
            aliases.append(alias.target)
            current = alias.target
        }
        var addresses: [IPAddress] = []
        for record in message.answers where record.name == current {
            guard case .address(let address) = record.content, address.isIPv6 == (family == .aaaa) else { continue }
            secondsToLive = min(secondsToLive, record.secondsToLive)
            if !addresses.contains(address) { addresses.append(address) }
        }
        self =
            addresses.isEmpty
            ? .nothing(aliases: aliases) : .addresses(addresses, aliases: aliases, secondsToLive: secondsToLive)
    }
}

extension DNSMessage {
    fileprivate func alias(of name: DomainName) -> (target: DomainName, secondsToLive: UInt32)? {
        for record in answers where record.name == name {
            if case .alias(let target) = record.content { return (target, record.secondsToLive) }
        }
        return nil
    }
}
