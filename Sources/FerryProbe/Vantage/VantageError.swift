public import FerryCore

extension ErrorCode {
    /// A vantage may not do what was asked of it.
    public static let vantageRefused = ErrorCode("vantage.refused", .failure)
    /// A vantage has made as many connections to the destination as it may in a minute.
    public static let vantageRate = ErrorCode("vantage.rate", .failure)
    /// A vantage does as much at the same time as it may.
    public static let vantageBusy = ErrorCode("vantage.busy", .failure)
    /// What was said to a vantage, or by it, is not the protocol.
    public static let vantageMalformed = ErrorCode("vantage.malformed", .failure)
    /// A vantage cannot be reached, or is gone.
    public static let vantageUnreachable = ErrorCode("vantage.unreachable", .failure)
    /// A vantage cannot listen where it was told to.
    public static let vantageCannotListen = ErrorCode("vantage.cannot-listen", .input)
    /// Where to listen, or where a vantage is, cannot be understood.
    public static let badReach = ErrorCode("input.reach", .input)
}
