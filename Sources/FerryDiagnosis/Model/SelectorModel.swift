/// Which connections a selector matches, given that it matches those that fail.
enum SelectorModel {
    private typealias Table = LikelihoodTable.Picked

    /// The probability that `contact` is one of those that `selector` picks.
    static func matches(_ contact: Contact, _ selector: Selector, _ cause: Cause, _ memory: MemoryKind, _ scene: Scene)
        -> Double
    {
        var probability = 1.0
        if selector.contains(.sourceAddress), !isPerSource(cause) {
            probability *= isOfServer(cause) ? sharesServer(contact) : contact.source.sharesFailing
        }
        if cause == .sourceAddressBlock, case .other = contact.port { probability *= Table.otherPortOfBlockedSource }
        if selector.contains(.destinationAddress), contact.destination != .suspectHost {
            probability *= Table.otherDestination
        }
        if selector.contains(.destinationPort), contact.port != .suspect {
            probability *=
                contact.destination == .suspectHost && cause == .antiAbuseBlock
                ? Table.otherPortOfOffender : Table.otherPort
        }
        if selector.contains(.payload) {
            probability *= contact.content == .real ? 1 : remains(contact, memory, scene)
        }
        if selector.contains(.size) {
            probability *= contact.bytes > Table.smallBytes && !contact.isSmallSegmented ? 1 : Table.small
        }
        if selector.contains(.sourcePort) {
            if cause == .tupleReuse, contact.destination != .suspectHost || contact.port != .suspect {
                return Table.otherTuple
            }
            probability *= contact.repeatsFailingPort ? Table.repeatedPort : Table.badMember
        }
        return probability
    }

    /// The probability that content that went before still has an effect on what follows on the same addresses and port.
    private static func remains(_ contact: Contact, _ memory: MemoryKind, _ scene: Scene) -> Double {
        guard memory == .fixed, contact.source == .failing, contact.isSuspectKey else { return Table.otherContent }
        return scene.silence < scene.minute * Table.contentMinutes ? Table.contentSoonAfter : Table.contentLongAfter
    }

    /// Whether what picks source addresses sees those within the site, and so tells one server from another.
    private static func isOfServer(_ cause: Cause) -> Bool { cause == .firewallDrop || cause == .firewallReject }

    private static func sharesServer(_ contact: Contact) -> Double {
        if contact.vantage != 0 { return Table.neighbourOfRule }
        return contact.source == .failing ? 1 : Table.otherAddressOfServer
    }

    /// Whether each source has its own count or state, so that another one is no other case but a fresh one.
    static func isPerSource(_ cause: Cause) -> Bool {
        [.firstSYNDrop, .synChallenge, .egressAddressFlap].contains(cause)
    }
}
