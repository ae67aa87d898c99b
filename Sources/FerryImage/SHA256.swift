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

    /// The digests of two runs of bytes: faster than one after the other, where the processor can do both at once.
    public static func digests(
        of first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer
    ) -> (Digest, Digest) {
        var digests = (Digest(), Digest())
        digests.0.withMutableBytes { one in
            digests.1.withMutableBytes { two in
                ferry_sha256_two(
                    first.baseAddress,
                    first.count,
                    one.baseAddress,
                    second.baseAddress,
                    second.count,
                    two.baseAddress
                )
            }
        }
        return digests
    }

    /// The digest of the byte `prefix` followed by `bytes`.
    public static func digest(prefix: UInt8, of bytes: UnsafeRawBufferPointer) -> Digest {
        var digest = Digest()
        digest.withMutableBytes { ferry_sha256_prefixed(prefix, bytes.baseAddress, bytes.count, $0.baseAddress) }
        return digest
    }
}
