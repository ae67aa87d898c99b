extension Comparable {
    /// The value, or the end of `range` that it lies beyond.
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
