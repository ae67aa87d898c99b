internal import FerryCore
internal import Glibc
internal import Synchronization

/// Sockets of this machine that a path leads to.
enum UnixSocket {
    private static let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    /// Listens at `path`, which is there from the moment on that somebody may connect, for this user alone.
    /// - Throws: `FerryError` with `ErrorCode.vantageCannotListen`.
    static func listen(at path: String) throws(FerryError) -> Int32 {
        if let old = status(path) {
            guard old.st_mode & S_IFMT == S_IFSOCK else {
                throw cannotListen(path, "there is something else of that name")
            }
            let other = try? connect(to: path)
            if let other {
                close(other)
                throw cannotListen(path, "somebody listens there already")
            }
        }
        let first = "\(path).\(getpid())"
        unlink(first)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0, pass(first, { bind(descriptor, $0, $1) }) == 0, chmod(first, 0o600) == 0,
            Glibc.listen(descriptor, 16) == 0, rename(first, path) == 0
        else {
            let cause = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            unlink(first)
            throw cannotListen(path, cause)
        }
        return descriptor
    }

    /// Connects to `path`.
    /// - Throws: `FerryError` with `ErrorCode.vantageUnreachable`.
    static func connect(to path: String) throws(FerryError) -> Int32 {
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0, pass(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let number = errno
            if descriptor >= 0 { close(descriptor) }
            throw FerryError(
                .vantageUnreachable,
                operation: "reach the vantage",
                subject: "unix:\(path)",
                cause: String(cString: strerror(number)),
                advice: number == EACCES
                    ? "Only the user that runs the vantage may open its socket: be that user."
                    : "Start it with \"ferry-agent vantage --listen unix:\(path)\".",
                retry: .later
            )
        }
        return descriptor
    }

    /// Writes all of a line; false if nobody reads any more.
    static func write(_ line: String, to descriptor: Int32) -> Bool {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Hands on lines until the end, or `line` says no.
    static func read(_ descriptor: Int32, line: ([UInt8]) -> Bool) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var assembly = LineAssembly()
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0, let lines = assembly.lines(buffer[..<count]) else { return }
            for one in lines where !line(one) { return }
        }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    private static func pass(_ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func cannotListen(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .vantageCannotListen,
            operation: "listen at",
            subject: "unix:\(path)",
            cause: cause,
            advice: "Name a path in a folder that can be written to, where no other vantage listens."
        )
    }
}
