public import FerryCore

extension ErrorCode {
    /// The agent's state directory or a file in it cannot be used.
    public static let stateUnusable = ErrorCode("state.unusable", .input)
    /// The staging server refuses the job or the lane.
    public static let refusedByStaging = ErrorCode("staging.refused", .failure)
    /// The volume could not be made to agree with the disk.
    public static let notConverging = ErrorCode("pass.not-converging", .failure)
    /// The staging server verified another manifest than the one that was sent.
    public static let otherManifest = ErrorCode("pass.other-manifest", .failure)
    /// The connection lives, and nothing moves.
    public static let peerStalled = ErrorCode("lane.stalled", .failure)
    /// The peer went silent.
    public static let peerSilent = ErrorCode("lane.silent", .failure)
}
