extension ScoreCard {
    /// The card as one file.
    public func html(by: String) -> String { "" }
}
