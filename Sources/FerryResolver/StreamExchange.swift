internal import FerryAddress
internal import Glibc

/// Asks one name server over TCP, for answers that do not fit into a datagram (RFC 7766).
struct StreamExchange {
    /// The answer to `query`.
    static func ask(_ query: DNSQuery, _ server: IPEndpoint, until deadline: Deadline) -> DatagramExchange.Outcome {
        do throws(NameServerSocket.Failure) {
            let socket = try NameServerSocket(SOCK_STREAM, to: server)
            let question = query.bytes
            let length = [UInt8(question.count >> 8), UInt8(truncatingIfNeeded: question.count)]
            try send(length + question, socket, deadline)
            let header = try receive(2, socket, deadline)
            let answer = try receive(Int(header[0]) << 8 | Int(header[1]), socket, deadline)
            // A stream has one peer, so a wrong answer is the server's own and no better one will follow.
            guard let message = DNSMessage(answer), message.answers(query), !message.isTruncated else {
                return .failure(.unreadable)
            }
            return .success(message)
        } catch {
            return .failure(error)
        }
    }

    private static func send(
        _ bytes: [UInt8],
        _ socket: NameServerSocket,
        _ deadline: Deadline
    ) throws(NameServerSocket.Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard deadline.wait(for: socket.file, POLLOUT) else { throw .timedOut }
            rest = rest.dropFirst(try socket.send(rest))
        }
    }

    private static func receive(
        _ count: Int,
        _ socket: NameServerSocket,
        _ deadline: Deadline
    ) throws(NameServerSocket.Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard deadline.wait(for: socket.file, POLLIN) else { throw .timedOut }
            guard let piece = try socket.receive(atMost: count - bytes.count) else { continue }
            guard !piece.isEmpty else { throw .unreadable }
            bytes += piece
        }
        return bytes
    }
}
