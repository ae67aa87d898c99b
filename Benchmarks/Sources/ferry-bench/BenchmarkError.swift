/// What could not be done, and why.
struct BenchmarkError: Error, CustomStringConvertible {
    enum Kind { case input, failure, stopped }

    var kind: Kind
    var description: String

    init(_ kind: Kind = .failure, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// The program's exit status: 1 it failed, 2 the input is wrong.
    var exitStatus: Int32 { kind == .input ? 2 : 1 }
}
