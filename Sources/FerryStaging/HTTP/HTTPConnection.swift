internal import FerryCore
internal import FerryTransport
internal import NIOCore
internal import NIOHTTP1

/// One connection of an HTTP client: takes one request at a time and sends its answer.
///
/// Nothing is read while an answer is made or taken, so that a client can neither pile up requests nor answers; and
/// whatever the client is to do, it has to do within one and the same limit of time. Only a body that is thrown away has
/// a longer one.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum State { case reading, answering, closing }

    private let receive: (HTTPRequestHead) -> HTTPRequest
    private let answer: (HTTPRequest) -> EventLoopFuture<HTTPAnswer>
    private let limit: HTTPRequestLimit
    private let patience: TimeAmount
    private var state = State.reading
    /// The request whose head is there and whose end is not.
    private var request: HTTPRequest?
    /// Requests that came in one piece with the one that is being answered.
    private var waiting = CircularBuffer<HTTPRequest>()
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - patience: how long a whole request may take to come, and an answer to be taken.
    ///   - receive: says what a request is, as soon as its head is there.
    ///   - answer: answers a request that is there, as far as it is wanted.
    init(
        limit: HTTPRequestLimit,
        patience: TimeAmount,
        receive: @escaping (HTTPRequestHead) -> HTTPRequest,
        answer: @escaping (HTTPRequest) -> EventLoopFuture<HTTPAnswer>
    ) {
        self.limit = limit
        self.patience = patience
        self.receive = receive
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        startTimer(context.channel)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // What comes behind the last request that is answered takes nobody's place.
            guard state != .closing else { return }
            let request = receive(head)
            self.request = request
            if let body = request.discarded { limit.bodyFollows(body.length) }
            guard state == .reading else { return }
            if request.discarded != nil { startTimer(context.channel) }
            // Whoever wants to change something is not asked to send all of it first.
            if !request.isWanted { beginUnfinished(request, context.channel) }
        case .body(let bytes): request?.discarded?.discard(bytes.readableBytes)
        case .end:
            limit.requestEnded()
            guard let request else { return }
            self.request = nil
            request.discarded?.end()
            if state == .reading { begin(request, context.channel) } else { waiting.append(request) }
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
        stop()
        context.fireChannelInactive()
    }

    /// Begins a request of which no more is wanted than its head.
    private func beginUnfinished(_ request: HTTPRequest, _ channel: any Channel) {
        self.request = nil
        begin(request, channel)
    }

    private func begin(_ request: HTTPRequest, _ channel: any Channel) {
        let head = request.head
        state = .answering
        startTimer(channel)
        channel.setOption(.autoRead, value: false).whenFailure { _ in }
        // What follows an upgrade is not HTTP, and nobody who still speaks HTTP/1.0 counts on a second request.
        let keepsAlive =
            request.isWanted && head.version == .http1_1 && head.isKeepAlive
            && !head.headers.contains(name: "upgrade")
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        answer(request).whenComplete { result in
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
        if !keepsAlive {
            stop()
            channel.setOption(.autoRead, value: false).whenFailure { _ in }
        }
        let bytes = answer.encoded(
            isHead: isHead,
            keepsAlive: keepsAlive,
            to: channel.remoteAddress?.endpoint,
            with: channel.allocator
        )
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.writeAndFlush(bytes).whenComplete { _ in
            if keepsAlive { bound.value.goOn(channel) } else { channel.close(promise: nil) }
        }
    }

    private func goOn(_ channel: any Channel) {
        guard state == .answering else { return }
        state = .reading
        if let next = waiting.popFirst() { return begin(next, channel) }
        if let request, !request.isWanted { return beginUnfinished(request, channel) }
        startTimer(channel)
        channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }

    /// Takes no more requests, and forgets those that are not answered.
    private func stop() {
        state = .closing
        waiting.removeAll()
        request?.discarded?.end()
        request = nil
    }

    private func startTimer(_ channel: any Channel) {
        timer?.cancel()
        let bodyDeadline = state == .reading ? request?.discarded?.deadline : nil
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        timer = channel.eventLoop.scheduleTask(deadline: bodyDeadline ?? .now() + patience) {
            bound.value.timeIsUp(channel)
        }
    }

    private func timeIsUp(_ channel: any Channel) {
        guard state == .reading, request != nil || limit.isInRequest else { return channel.close(promise: nil) }
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
            .encoded(isHead: false, keepsAlive: false, to: channel.remoteAddress?.endpoint, with: channel.allocator)
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(promise: nil) }
    }
}
