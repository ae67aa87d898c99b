internal import FerryCore
internal import FerryPreCheck
internal import FerryTransport

extension Decompressor {
    /// The formats that the agent links: zstd because it packs with it, gzip because most older servers use it.
    static let ofAgent = Decompressor(formats: [.zstd, .gzip]) { format, source, sink throws(FerryError) in
        do {
            switch format {
            case .zstd: try unpackZstd(source, sink)
            case .gzip: try unpackGzip(source, sink)
            default: break
            }
        } catch let error as FerryError {
            throw error
        } catch let error as ZstdStream.Malformed {
            throw .unreadableImage("of this server", "its compressed part is damaged (\(error.cause))")
        } catch let error as GzipStream.Malformed {
            throw .unreadableImage("of this server", "its compressed part is damaged (\(error.cause))")
        } catch {
            throw .unreadableImage("of this server", "\(error)")
        }
    }

    private static func unpackZstd(_ source: Source, _ sink: Sink) throws {
        let stream = ZstdStream()
        while true {
            let piece = try source()
            guard !piece.isEmpty, case .wantsMore = try stream.unpack(piece, sink) else { return }
        }
    }

    private static func unpackGzip(_ source: Source, _ sink: Sink) throws {
        let stream = GzipStream()
        while true {
            let piece = try source()
            guard !piece.isEmpty, case .wantsMore = try stream.unpack(piece, sink) else { return }
        }
    }
}
