public import FerryCore
internal import Foundation

/// The socket at which a lab is spoken to.
public enum LabSocket {
    /// Listens at `path`, for this user alone.
    public static func listen(at path: String) throws(FerryError) -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0, with(path, { bind(listener, $0, $1) }) == 0, Glibc.listen(listener, 16) == 0 else {
            throw failed("listen", path, errno)
        }
        return listener
    }

    /// Asks the lab of `folder`, and returns its answer.
    public static func ask(_ request: LabRequest, _ folder: LabFolder) throws(FerryError) -> LabAnswer {
        _ = try folder.runningProcess()
        let peer = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(peer) }
        // Arming may take some seconds; one that does not answer by then hangs.
        limit(peer, seconds: request == .down || request == .status ? 3 : 60)
        guard peer >= 0, with(folder.socket, { connect(peer, $0, $1) }) == 0 else {
            throw failed("speak", folder.socket, errno)
        }
        guard let bytes = try? JSONEncoder().encode(request) else { preconditionFailure("requests are plain") }
        say(Array(bytes) + [0x0A], to: peer)
        guard let line = line(from: peer), let answer = try? JSONDecoder().decode(LabAnswer.self, from: Data(line))
        else {
            throw failed("hear", folder.socket, EPIPE)
        }
        return answer
    }

    /// Gives a socket so long for each of what it sends and hears.
    static func limit(_ peer: Int32, seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    static func say(_ bytes: [UInt8], to peer: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(peer, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// The bytes up to the end of a line, at most 1 MiB.
    static func line(from peer: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 20 {
            let count = recv(peer, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            if let end = bytes.firstIndex(of: 0x0A) { return Array(bytes[..<end]) }
        }
        return nil
    }

    private static func with<Value>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let isShort = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count < room.count else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        guard isShort else { return nil }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func failed(_ operation: String, _ path: String, _ number: Int32) -> FerryError {
        FerryError(
            .labTool,
            operation: operation,
            subject: "at \(path)",
            cause: number == 0 ? "the path is too long" : String(cString: strerror(number)),
            advice:
                "Take the lab down and up again; set XDG_RUNTIME_DIR to a short path of yours if that does not help."
        )
    }
}
