internal import FerryCore
internal import NIOCore
internal import NIOHTTP1

/// One connection of an HTTP client: takes one request at a time and sends its answer.
///
/// Nothing is read while an answer is made or taken, so that a client can neither pile up requests nor answers; and
/// whatever the client is to do, it has to do within one and the same limit of time.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum State { case reading, answering, closing }

    private let answer: (HTTPRequestHead) -> EventLoopFuture<HTTPAnswer>
    private let limit: HTTPRequestLimit
    private let patience: TimeAmount
    private var state = State.reading
    private var head: HTTPRequestHead?
    /// Requests that came in one piece with the one that is being answered.
    private var waiting = CircularBuffer<HTTPRequestHead>()
    private var timer: Scheduled<Void>?

    /// - Parameter patience: how long a whole request may take to come, and an answer to be taken.
    init(
        limit: HTTPRequestLimit,
        patience: TimeAmount,
        answer: @escaping (HTTPRequestHead) -> EventLoopFuture<HTTPAnswer>
    ) {
        self.limit = limit
        self.patience = patience
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        startTimer(context.channel)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            // Whoever wants to change something is not asked to send all of it first.
            if state == .reading, !HTTPConnection.isReading(head) { begin(context.channel) }
        case .body: break
        case .end:
            limit.requestEnded()
            guard let head else { return }
            if state == .reading { return begin(context.channel) }
            self.head = nil
            waiting.append(head)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard state == .reading else { return context.close(promise: nil) }
        if error is IOError || error is ChannelError { return context.close(promise: nil) }
        let isTooLong = (error as? FerryError)?.code == .httpTooLong
        send(
            isTooLong
                ? HTTPAnswer(.requestHeaderFieldsTooLarge, .httpTooLong) : HTTPAnswer(.badRequest, .httpMalformed),
            isHead: false,
            keepsAlive: false,
            context.channel
        )
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        state = .closing
        waiting.removeAll()
        context.fireChannelInactive()
    }

    static func isReading(_ head: HTTPRequestHead) -> Bool { head.method == .GET || head.method == .HEAD }

    private func begin(_ channel: any Channel) {
        guard let head else { return }
        self.head = nil
        state = .answering
        startTimer(channel)
        channel.setOption(.autoRead, value: false).whenFailure { _ in }
        // What follows an upgrade is not HTTP, and nobody who still speaks HTTP/1.0 counts on a second request.
        let keepsAlive =
            HTTPConnection.isReading(head) && head.version == .http1_1 && head.isKeepAlive
            && !head.headers.contains(name: "upgrade")
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        answer(head).whenComplete { result in
            let answer: HTTPAnswer
            switch result {
            case .success(let made): answer = made
            case .failure(let error): answer = HTTPAnswer(.serviceUnavailable, StagingCore.ferryError(error))
            }
            bound.value.send(answer, isHead: head.method == .HEAD, keepsAlive: keepsAlive, channel)
        }
    }

    private func send(_ answer: HTTPAnswer, isHead: Bool, keepsAlive: Bool, _ channel: any Channel) {
        guard channel.isActive else { return }
        if !keepsAlive { state = .closing }
        let bytes = answer.encoded(isHead: isHead, keepsAlive: keepsAlive, with: channel.allocator)
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.writeAndFlush(bytes).whenComplete { _ in
            if keepsAlive { bound.value.goOn(channel) } else { channel.close(promise: nil) }
        }
    }

    private func goOn(_ channel: any Channel) {
        guard state == .answering else { return }
        state = .reading
        if let next = waiting.popFirst() {
            head = next
            return begin(channel)
        }
        startTimer(channel)
        channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }

    private func startTimer(_ channel: any Channel) {
        timer?.cancel()
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        timer = channel.eventLoop.scheduleTask(in: patience) { bound.value.timeIsUp(channel) }
    }

    private func timeIsUp(_ channel: any Channel) {
        guard state == .reading, limit.isInRequest else { return channel.close(promise: nil) }
        send(HTTPAnswer(.requestTimeout, .httpTooSlow), isHead: false, keepsAlive: false, channel)
        startTimer(channel)
    }
}

/// Tells a client that there is no room for it.
final class HTTPRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        let bytes = HTTPAnswer(.serviceUnavailable, .httpBusy)
            .encoded(isHead: false, keepsAlive: false, with: channel.allocator)
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(promise: nil) }
    }
}
