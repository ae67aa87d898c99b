public import FerryCore

/// What can be asked of a lab that is up: one JSON object a line, answered by one.
public enum LabRequest: Codable, Sendable, Equatable {
    /// What it is and how it goes.
    case status
    /// Break something: a fault of the topology, or what a scenario's file says.
    case arm(fault: String?, scenario: String?)
    /// Mend it.
    case disarm(fault: String?, scenario: String?)
    /// Draw it, with what is armed.
    case drawing
    /// End.
    case down
}

/// The answer.
public struct LabAnswer: Codable, Sendable, Equatable {
    /// What a lab is and how it goes.
    public struct Status: Codable, Sendable, Equatable {
        /// A node and the file by which its network namespace is entered.
        public struct Node: Codable, Sendable, Equatable {
            /// The node's name.
            public var name: String
            /// The file.
            public var namespace: String
        }

        /// A line and what it did with packets.
        public struct Way: Codable, Sendable, Equatable {
            /// The link.
            public var link: String
            /// Packets that came, from the near end and from the far.
            public var received: [Int]
            /// Packets that were delivered, towards the far end and back.
            public var delivered: [Int]
            /// Packets that were lost, by chance, at policers, in full queues, too long, for want of memory.
            public var dropped: [Int]
        }

        /// The topology's name.
        public var topology: String
        /// The nodes.
        public var nodes: [Node]
        /// The faults that can be armed.
        public var faults: [String]
        /// Those that are, and where.
        public var armed: [TopologyDrawing.Broken]
        /// The lines.
        public var ways: [Way]
        /// Seconds that building took.
        public var secondsToBuild: Double
    }

    /// How it goes, if that was asked.
    public var status: Status?
    /// The name of the fault that it was about.
    public var fault: String?
    /// How the fault is provoked, where it does not show itself at once.
    public var provoked: String?
    /// The picture, as SVG.
    public var drawing: String?
    /// What went wrong.
    public var problem: Problem?

    /// A failure of the lab's process, for the command that has asked.
    public struct Problem: Codable, Sendable, Equatable {
        /// The code.
        public var code: String
        /// Whether the one who asked can put it right.
        public var isInput: Bool
        /// What was being done.
        public var operation: String
        /// To what.
        public var subject: String
        /// Why it failed.
        public var cause: String
        /// What to do.
        public var advice: String

        init(_ error: FerryError) {
            code = error.code.text
            isInput = error.code.kind == .input
            operation = error.operation
            subject = error.subject
            cause = error.cause
            advice = error.advice
        }

        /// It as an error of this process.
        public var error: FerryError {
            FerryError(
                ErrorCode(code, isInput ? .input : .failure),
                operation: operation,
                subject: subject,
                cause: cause,
                advice: advice
            )
        }
    }
}
