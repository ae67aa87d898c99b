internal import FerryTransport
internal import NIOCore

/// Opens a lane to an address within a rate budget, on the event loop of whoever asks.
typealias LaneOpening = (SocketAddress, WireBudget?, Lane.Callbacks) -> Void
