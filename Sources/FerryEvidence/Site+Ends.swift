public import FerryAddress

extension Site.Endpoint {
    /// Its host, in the one form in which the same is equal.
    public var canonicalHost: CanonicalHost { CanonicalHost(host) }

    /// Whether it is at `port` of `host`, however that is written.
    public func isAt(_ host: String, _ port: UInt16) -> Bool {
        self.port == port && canonicalHost == CanonicalHost(host)
    }
}
