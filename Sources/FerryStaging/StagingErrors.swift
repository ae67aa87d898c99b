public import FerryCore

extension ErrorCode {
    /// The data directory of a staging server cannot be used.
    public static let stagingData = ErrorCode("staging.data", .input)
    /// The index of a staging server cannot be read or written.
    public static let stagingIndex = ErrorCode("staging.index", .failure)
    /// There is no room left for volumes or the index.
    public static let stagingNoSpace = ErrorCode("staging.no-space", .failure)
    /// A volume cannot be read or written.
    public static let volumeFailed = ErrorCode("volume.failed", .failure)
    /// A volume does not fit the disk: another size, or a device that is too small.
    public static let volumeMismatch = ErrorCode("volume.mismatch", .input)
    /// The file or device that holds a volume is not there.
    public static let volumeMissing = ErrorCode("volume.missing", .failure)
    /// The device at a volume's path is another one than the volume's.
    public static let volumeSwapped = ErrorCode("volume.swapped", .failure)
    /// There is no such volume.
    public static let volumeUnknown = ErrorCode("volume.unknown", .input)
    /// A job belongs to another agent.
    public static let jobForeign = ErrorCode("job.foreign", .failure)
    /// Another run of the agent has taken over the job.
    public static let jobSuperseded = ErrorCode("job.superseded", .failure)
    /// An agent, or the clients of the HTTP service, have measured as much as they may for now.
    public static let measuredEnough = ErrorCode("measure.enough", .failure)
    /// What was asked cannot be done for this volume now.
    public static let volumeNotReady = ErrorCode("volume.not-ready", .failure)
}
