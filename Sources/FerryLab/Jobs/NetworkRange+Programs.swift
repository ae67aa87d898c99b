public import FerryCore

extension NetworkRange {
    /// Starts a program at a node. It ends by itself, by whoever has started it, or with this process.
    /// - Parameters:
    ///   - output: the file that its standard output is added to.
    ///   - complaints: the file that its standard error is added to.
    /// - Throws: `FerryError` with `ErrorCode.labUnknown` or `ErrorCode.labTool`.
    public func start(
        _ words: [String],
        at node: String,
        output: String,
        complaints: String
    ) throws(FerryError) -> NodeProgram {
        try NodeProgram(words, at: try namespace(of: node), output: output, complaints: complaints)
    }
}
