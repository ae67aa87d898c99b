enum PacketTap {
    static var isPermitted: Bool { false }
}
