extension ProbePlan {
    /// `HOST:PORT`, an IPv6 address in brackets.
    public var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
