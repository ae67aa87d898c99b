/// A packet as a capture file has it. Its bytes are valid only while it is being handed over.
public struct CapturedPacket {
    /// Its place in the file; the first is 1.
    public var number: Int
    /// When it was captured; zero in a file that does not say.
    public var time: PacketTime
    /// What its bytes begin with.
    public var link: LinkType
    /// How many bytes there were before the capture cut them.
    public var wireLength: Int
    /// What was captured.
    public var bytes: UnsafeRawBufferPointer
}
