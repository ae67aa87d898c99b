/// How long a packet was before the filter cut it.
enum UncutLength {
    /// The kernel cuts a packet to what the filter asks for, and then tells that length; what it had is in its header.
    /// - Parameters:
    ///   - bytes: the packet from its IP header on.
    ///   - told: the length that the kernel tells.
    static func of(_ bytes: UnsafeRawBufferPointer, told: Int) -> Int {
        guard bytes.count >= 20 else { return told }
        let isIPv6 = bytes[0] >> 4 == 6
        let place = isIPv6 ? 4 : 2
        let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
        return max(told, isIPv6 ? length + 40 : length)
    }
}
