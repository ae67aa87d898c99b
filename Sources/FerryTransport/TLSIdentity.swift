public import FerryCore
internal import FerryWire
internal import Glibc
public import NIOSSL

/// Who this side is, and whom it trusts: the certificate, the key and the certificate authority of an identity
/// directory, as `ferry pki issue` writes them.
public struct TLSIdentity: Sendable {
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey
    private let authorities: [NIOSSLCertificate]

    /// Reads `ca.pem`, `cert.pem` and `key.pem` of `directory`.
    /// - Throws: `FerryError` with `ErrorCode.identityUnusable`, naming the file.
    public init(directory: String) throws(FerryError) {
        authorities = try TLSIdentity.read("\(directory)/ca.pem") { try NIOSSLCertificate.fromPEMFile($0) }
        chain = try TLSIdentity.read("\(directory)/cert.pem") { try NIOSSLCertificate.fromPEMFile($0) }
        key = try TLSIdentity.read("\(directory)/key.pem") { try NIOSSLPrivateKey(file: $0, format: .pem) }
        guard !chain.isEmpty, !authorities.isEmpty else {
            throw TLSIdentity.unusable("\(directory)/cert.pem", "it holds no certificate")
        }
    }

    /// The name and role that the certificate gives.
    public var role: PeerRole? { chain.first.flatMap(PeerRole.init) }

    /// From when and until when the certificate is valid; nil if there is none.
    public var validity: (from: UTCTime, until: UTCTime)? {
        chain.first.map { certificate in
            (
                UTCTime(microseconds: Int64(certificate.notValidBefore) * 1_000_000),
                UTCTime(microseconds: Int64(certificate.notValidAfter) * 1_000_000)
            )
        }
    }

    /// What a staging server presents and demands: TLS 1.3, a certificate of the same authority from every agent.
    public func stagingContext() throws(FerryError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateVerification = .noHostnameVerification
        return try context(configuration)
    }

    /// What an agent presents and demands. Any staging server of the authority will do, whatever address it is reached by;
    /// that it is one, and not a vantage, `LaneDialer` sees by its role.
    public func agentContext() throws(FerryError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateVerification = .noHostnameVerification
        return try context(configuration)
    }

    /// What a vantage presents and demands of whoever asks it.
    public func vantageContext() throws(FerryError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateVerification = .noHostnameVerification
        return try context(configuration, speaking: TLSIdentity.vantageProtocol)
    }

    /// What whoever asks a vantage presents and demands of it.
    public func operatorContext() throws(FerryError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateVerification = .noHostnameVerification
        return try context(configuration, speaking: TLSIdentity.vantageProtocol)
    }

    /// The name of a vantage's protocol (ALPN), so that neither side takes the other for a lane's.
    private static let vantageProtocol = "ferry-vantage/1"

    private func context(
        _ configuration: TLSConfiguration,
        speaking name: String = WireVersion.alpn
    ) throws(FerryError) -> NIOSSLContext {
        var configuration = configuration
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = [name]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSIdentity.unusable("the certificate and the key", "they do not belong together (\(error))")
        }
    }

    private static func read<Value>(
        _ path: String,
        _ body: (String) throws -> Value
    ) throws(FerryError) -> Value {
        do {
            return try body(path)
        } catch {
            let isReadable = access(path, R_OK) == 0
            throw unusable(path, isReadable ? "it cannot be read as PEM" : String(cString: strerror(errno)))
        }
    }

    private static func unusable(_ subject: String, _ cause: String) -> FerryError {
        FerryError(
            .identityUnusable,
            operation: "use",
            subject: subject,
            cause: cause,
            advice: "Issue an identity with \"ferry pki issue\" and copy its directory here."
        )
    }
}
