public import FerryCore
public import FerryResolver
internal import Glibc
internal import Synchronization

/// A vantage that listens at a path of this machine.
public final class UnixVantage: Sendable {
    private let path: String
    /// What it listens with; nil once it does not any more.
    private let listener: Mutex<Int32?>
    private let permit: VantagePermit
    private let resolver: Resolver
    private let program: String

    /// Listens at `path` until `close()`; the path is there from the moment on that somebody may connect.
    /// - Parameters:
    ///   - path: at most 96 bytes; may lead to a socket at which nobody listens any more.
    ///   - permit: what it may do.
    ///   - program: the program's version, which it tells.
    /// - Throws: `FerryError` with `ErrorCode.vantageCannotListen`.
    public init(at path: String, permit: VantagePermit, resolver: Resolver, program: String) throws(FerryError) {
        self.path = path
        self.permit = permit
        self.resolver = resolver
        self.program = program
        let descriptor = try UnixSocket.listen(at: path)
        listener = Mutex(descriptor)
        ProbeThread.start { [self] in
            accept(at: descriptor)
            end()
        }
    }

    /// Listens no longer, and takes the path away.
    public func close() {
        unlink(path)
        listener.withLock { if let descriptor = $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    /// Nobody accepts any more: the descriptor is given back, and its number may be another's from now on.
    private func end() {
        listener.withLock { listener in
            if let descriptor = listener { Glibc.close(descriptor) }
            listener = nil
        }
    }

    private func accept(at descriptor: Int32) {
        while true {
            let peer = Glibc.accept(descriptor, nil, nil)
            if peer < 0 {
                if [EINTR, ECONNABORTED].contains(errno) { continue }
                guard [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(errno) else { return }
                // Somebody else has to let go of something first.
                usleep(100_000)
                continue
            }
            _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
            if !ProbeThread.start({ [self] in serve(peer) }) { Glibc.close(peer) }
        }
    }

    private func serve(_ peer: Int32) {
        let output = LineOutput(peer)
        let session = VantageSession(permit: permit, resolver: resolver) { output.write($0) }
        session.greet(program: program)
        UnixSocket.read(peer) { session.receive($0) }
        session.end()
        output.close()
    }
}

/// A descriptor that several threads write lines to, one at a time, until it is closed.
final class LineOutput: Sendable {
    private let descriptor: Mutex<Int32?>

    init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

    @discardableResult
    func write(_ line: String) -> Bool {
        descriptor.withLock { descriptor in descriptor.map { UnixSocket.write(line, to: $0) } ?? false }
    }

    func close() {
        descriptor.withLock { descriptor in
            if let descriptor { Glibc.close(descriptor) }
            descriptor = nil
        }
    }
}
