internal import FerryCore

extension ProbePlan {
    /// Where it goes: `HOST:PORT`, an IPv6 address in brackets.
    public var place: String { Place.text(host, port) }
}

extension LadderPlan {
    /// Where it leads: `HOST:PORT`, an IPv6 address in brackets.
    public var place: String { Place.text(host, port) }
}

extension Site.Endpoint {
    /// Where it is: `HOST:PORT`, an IPv6 address in brackets.
    public var place: String { Place.text(host, port) }
}
