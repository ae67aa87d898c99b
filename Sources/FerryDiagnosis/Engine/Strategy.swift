/// How the next experiment is chosen.
public enum Strategy: String, Sendable, CaseIterable {
    /// By expected gain for the cost: the product's own.
    case gain
    /// Every experiment once, in the catalogue's order: for comparison.
    case battery
    /// In an order drawn by a seed: for comparison.
    case random
}
