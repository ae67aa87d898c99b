internal import CSHA256
public import FerryCore

/// SHA-256 (FIPS 180-4), by the system's libcrypto.
public enum SHA256 {
    /// The digest of `bytes`.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> Digest {
        var digest = Digest()
        digest.withMutableBytes { ferry_sha256(bytes.baseAddress, bytes.count, $0.baseAddress) }
        return digest
    }

    /// The digest of the byte `prefix` followed by `bytes`.
    public static func digest(prefix: UInt8, of bytes: UnsafeRawBufferPointer) -> Digest {
        var digest = Digest()
        digest.withMutableBytes { ferry_sha256_prefixed(prefix, bytes.baseAddress, bytes.count, $0.baseAddress) }
        return digest
    }
}
