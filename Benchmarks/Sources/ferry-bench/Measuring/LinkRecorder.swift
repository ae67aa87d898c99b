import Glibc
import Synchronization

/// A count and when it was taken.
struct LinkSample: Equatable {
    var seconds: Double
    var bytes: Int
    var packets: Int
}

/// Reads the link's counter two hundred times a second, each with its own time, so that a late sample is still right.
final class LinkRecorder {
    private let file: CounterFile
    private let ticker: Ticker

    private final class CounterFile: Sendable {
        let descriptor: Int32
        let device: String
        let samples = Mutex<[LinkSample]>([])

        init(_ descriptor: Int32, _ device: String) {
            self.descriptor = descriptor
            self.device = device
        }

        deinit { close(descriptor) }

        func sample() {
            let before = Clock.now
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            let after = Clock.now
            // Whoever was interrupted meanwhile does not know when the count was taken.
            guard count > 0, after - before < 0.001 else { return }
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            guard let counters = LinkCounters(device: device, in: text) else { return }
            let sample = LinkSample(
                seconds: (before + after) / 2,
                bytes: counters.outBytes,
                packets: counters.outPackets
            )
            samples.withLock { $0.append(sample) }
        }
    }

    init(_ host: Host) throws(BenchmarkError) {
        let descriptor = open(host.networkFile("dev"), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw BenchmarkError(.failure, "could not read the counters of \(host.device)")
        }
        let file = CounterFile(descriptor, host.device)
        self.file = file
        ticker = Ticker(every: 0.005) { file.sample() }
    }

    func stop() -> [LinkSample] {
        ticker.stop()
        return file.samples.withLock { $0 }
    }
}
