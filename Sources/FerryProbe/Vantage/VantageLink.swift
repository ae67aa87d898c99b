internal import FerryCore
internal import Glibc

/// What carries lines to a vantage and back.
protocol VantageLink: Sendable {
    /// Sends a line. What goes wrong is told to the connection.
    func send(_ line: String)
    /// Ends it.
    func close()
}

/// A link to a socket of this machine, with a thread that reads.
final class UnixVantageLink: VantageLink {
    private let descriptor: Int32
    private let output: LineOutput
    private let connection: VantageConnection

    init(path: String, _ connection: VantageConnection) throws(FerryError) {
        descriptor = try UnixSocket.connect(to: path)
        output = LineOutput(descriptor)
        self.connection = connection
        ProbeThread.start { [self] in
            UnixSocket.read(descriptor) { connection.receive($0) }
            connection.lose("it has closed the connection")
            output.close()
        }
    }

    func send(_ line: String) {
        if !output.write(line) { connection.lose("it has closed the connection") }
    }

    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
