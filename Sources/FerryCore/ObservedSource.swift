/// Where a server says by which address it sees its client, who cannot know that where it is translated on the way.
public enum ObservedSource {
    /// The name of the HTTP field in the answers of a staging server. Its value is an address and port, `203.0.113.62:41234`.
    public static let field = "Ferry-Observed-Source"
}
