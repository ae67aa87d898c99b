internal import CFerryLab

/// What ties this process to the one that started it.
public enum ParentBond {
    /// From now on the kernel kills this process when the thread that started it ends.
    public static func tie() { ferry_end_with_parent() }
}
