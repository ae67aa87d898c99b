public import FerryCore
public import FerryProcess

extension NetworkRange {
    /// Starts a program at a node. It ends by itself or by whoever has started it, and not with the network.
    /// - Throws: `FerryError` with `ErrorCode.labUnknown` or `ErrorCode.labTool`.
    public func start(
        _ words: [String],
        at node: String,
        output: Int32,
        complaints: Int32
    ) throws(FerryError) -> ChildProgram {
        try namespace(of: node).run { () throws(FerryError) in
            do throws(ChildProgramError) {
                return try ChildProgram(words, output: output, complaints: complaints)
            } catch {
                throw FerryError(
                    .labTool,
                    operation: "start",
                    subject: "\(words.first ?? "") at \(node)",
                    cause: error.text,
                    advice: "Build it, and put it beside ferry-lab."
                )
            }
        }
    }
}
