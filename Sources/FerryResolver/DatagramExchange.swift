internal import FerryAddress
internal import Glibc

/// Asks one name server over UDP, both families at once, each from a socket and so a port of its own.
struct DatagramExchange {
    typealias Outcome = Result<DNSMessage, NameServerSocket.Failure>

    /// How long the second family may take once the first has given addresses. Some firewalls drop only the
    /// questions for IPv6; that should not cost the whole patience.
    static let patienceForSecond = Duration.seconds(1)

    private struct Question {
        var query: DNSQuery
        var socket: NameServerSocket?
        var outcome: Outcome = .failure(.timedOut)
    }

    /// The answers to `queries`, in their order.
    static func ask(_ queries: [DNSQuery], _ server: IPEndpoint, until deadline: Deadline) -> [Outcome] {
        var deadline = deadline
        var questions = queries.map { start($0, server) }
        while true {
            let waiting = questions.indices.filter { questions[$0].socket != nil }
            var files = waiting.map { pollfd(fd: questions[$0].socket?.file ?? -1, events: Int16(POLLIN), revents: 0) }
            guard !files.isEmpty, deadline.wait(for: &files) else { break }
            for (index, file) in zip(waiting, files) where file.revents != 0 {
                receive(&questions[index])
                if case .success(let message) = questions[index].outcome, !message.isTruncated,
                    message.answers.contains(where: { if case .address = $0.content { true } else { false } })
                {
                    deadline = deadline.atMost(patienceForSecond)
                }
            }
        }
        return questions.map(\.outcome)
    }

    private static func start(_ query: DNSQuery, _ server: IPEndpoint) -> Question {
        var question = Question(query: query)
        do throws(NameServerSocket.Failure) {
            let socket = try NameServerSocket(SOCK_DGRAM, to: server)
            _ = try socket.send(query.bytes[...])
            question.socket = socket
        } catch {
            question.outcome = .failure(error)
        }
        return question
    }

    /// Takes one datagram. One that does not answer the question is dropped and the wait goes on: ending it would
    /// let anybody who can send a datagram end it.
    private static func receive(_ question: inout Question) {
        do throws(NameServerSocket.Failure) {
            guard let bytes = try question.socket?.receive(atMost: 65536),
                let message = DNSMessage(bytes), message.answers(question.query)
            else { return }
            question.outcome = .success(message)
        } catch {
            question.outcome = .failure(error)
        }
        question.socket = nil
    }
}
