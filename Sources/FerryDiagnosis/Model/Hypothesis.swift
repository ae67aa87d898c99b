/// One thing that may be the matter: a cause at a place, by a mechanism, for some packets, armed by something, kept by
/// something.
public struct Hypothesis: Sendable, Hashable {
    /// What is broken.
    public var cause: Cause
    /// Where.
    public var locus: Locus
    /// How.
    public var mechanism: Mechanism
    /// For which packets.
    public var selector: Selector
    /// Armed by what.
    public var trigger: Trigger
    /// Kept by what.
    public var memory: MemoryKind
    /// What somebody must do.
    public var remedy: Remedy
    /// A second thing that is the matter at the same time; nil for one.
    public var second: Second?

    /// The second of two faults at once. The first is the one that stops more.
    public struct Second: Sendable, Hashable {
        /// What is broken.
        public var cause: Cause
        /// Where.
        public var locus: Locus
        /// How.
        public var mechanism: Mechanism
        /// For which packets.
        public var selector: Selector
        /// Armed by what.
        public var trigger: Trigger
    }

    /// Both causes, or the one.
    public var causes: [Cause] { second.map { [cause, $0.cause] } ?? [cause] }
    /// Whether it is a balancer that takes connections itself, because nobody is left behind it.
    var isBalancerAlone: Bool { cause == .loadBalancer && trigger == .standing && selector == .destinationPort }

    /// Where they are, in the words of `ferry.diagnosis/1`; nowhere if all is well.
    public var loci: [Locus] {
        if cause == .none { return [] }
        // The words have the staging server's own firewall among what the cloud's network has.
        let first = cause == .securityGroup ? .cloudNetwork : locus
        guard let second, second.locus != first else { return [first] }
        return [first, second.locus]
    }
}
