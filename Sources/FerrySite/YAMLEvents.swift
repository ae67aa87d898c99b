internal import CYAML

/// What libyaml says of a text, one piece after another.
struct YAMLEvents: ~Copyable {
    /// Why a text is no YAML.
    struct Failure: Error {
        /// The line of it; nil if only the byte is known.
        var line: Int?
        /// The byte of it.
        var offset: Int
        var text: String
    }

    // libyaml keeps pointers into it, so it may not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// Those of `bytes`, which are UTF-8 and have to live as long.
    init(of bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        // It fails when there is no memory left, as Swift's own allocations do.
        precondition(yaml_parser_initialize(parser) == 1, "no memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// Has `body` look at the next event.
    func next<Result>(_ body: (borrowing yaml_event_t) -> Result) throws(Failure) -> Result {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        return body(event)
    }

    private var failure: Failure {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "it cannot be read"
        let context = state.context.map { String(cString: $0) }
        let isKnown = state.error != YAML_READER_ERROR
        return Failure(
            line: isKnown ? state.problem_mark.line + 1 : nil,
            offset: state.problem_offset,
            text: context.map { "\($0), \(problem)" } ?? problem
        )
    }
}

extension yaml_event_t {
    var line: Int { start_mark.line + 1 }
}
