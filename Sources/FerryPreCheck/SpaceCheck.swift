internal import FerryCore

extension PreCheckID {
    /// Room for the agent's state.
    public static let stateSpace = PreCheckID("space.state")
    /// How full the source server's file systems are.
    public static let fileSystems = PreCheckID("space.file-systems")
}

/// Whether there is room: for the agent's state, and on the file systems that have to start somewhere else.
enum SpaceCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] { [state(server)] + fileSystems(server) }

    private static func state(_ server: SourceServer) -> PreCheckFinding {
        let request = server.request
        guard let directory = request.stateDirectory else {
            return PreCheckFinding(.stateSpace, .ok, "The agent keeps its state in memory and needs no room")
        }
        guard request.diskSize > .zero else {
            return .unchecked(.stateSpace, "Room for the agent's state", because: "no disk to be moved was named")
        }
        guard let space = server.kernel.space(directory) else {
            return .unchecked(
                .stateSpace,
                "Room for the agent's state",
                because: "\(directory) cannot be looked at",
                advice: "Name a directory that exists."
            )
        }
        let parts = request.diskSize.bytes.dividedRoundingUp(by: 8 << 30)
        let (product, isTooMuch) = parts.multipliedReportingOverflow(by: request.stateSizePer8GiB.bytes)
        let needed = ByteCount(isTooMuch ? UInt64.max : product)
        let reserve = min(ByteCount(space.size.bytes / 10), request.mostStateReserve)
        let seen =
            "\(directory) has \(space.available) free, and the state of \(request.diskSize) of disks takes up to \(needed)"
        let (wanted, isBeyond) = needed.bytes.addingReportingOverflow(reserve.bytes)
        if isBeyond || space.available.bytes < wanted {
            let missing = ByteCount(isBeyond ? .max : wanted - space.available.bytes)
            let advice =
                "Free \(missing), or name another directory: the agent leaves \(reserve) of that file system free."
            return PreCheckFinding(.stateSpace, .critical, seen, advice: advice)
        }
        if space.inodes > 0, space.freeInodes < 16 {
            let advice = "Remove some files there, or name another directory."
            return PreCheckFinding(
                .stateSpace,
                .critical,
                "\(directory) has only \(space.freeInodes) inodes free",
                advice: advice
            )
        }
        return PreCheckFinding(.stateSpace, .ok, seen)
    }

    private static func fileSystems(_ server: SourceServer) -> [PreCheckFinding] {
        guard let mounts = Mount.all(server.files) else {
            return [.unchecked(.fileSystems, "How full the file systems are", because: "/proc/mounts cannot be read")]
        }
        var findings: [PreCheckFinding] = []
        var looked = 0
        var devices: [String] = []
        for mount in mounts where mount.isLocal && !devices.contains(mount.device) {
            devices.append(mount.device)
            guard let place = server.files.located(mount.directory), let space = server.kernel.space(place),
                space.size > .zero
            else { continue }
            looked += 1
            findings += full(mount, space)
        }
        if looked == 0 {
            return [.unchecked(.fileSystems, "How full the file systems are", because: "none of them can be looked at")]
        }
        if findings.isEmpty {
            let seen = "No more than 99 % of the room and of the inodes is used on \(looked) file systems"
            findings.append(PreCheckFinding(.fileSystems, .ok, seen))
        }
        return findings
    }

    private static func full(_ mount: Mount, _ space: KernelAnswers.Space) -> [PreCheckFinding] {
        let level = mount.directory == "/" ? PreCheckFinding.Level.critical : .warning
        let advice = "Free some: a server whose file system is full may not start at the target."
        var findings: [PreCheckFinding] = []
        // As df counts: what is reserved for root is neither used nor available.
        let used = Double(space.size.bytes) - Double(space.free.bytes)
        if used > 0.99 * (used + Double(space.available.bytes)) {
            let seen = "\(mount.directory) is more than 99 % full: \(space.available) of \(space.size) is available"
            findings.append(PreCheckFinding(.fileSystems, level, seen, advice: advice))
        }
        if space.inodes > 0, Double(space.freeInodes) < 0.01 * Double(space.inodes) {
            let seen =
                "\(mount.directory) has used more than 99 % of its inodes: \(space.freeInodes) of \(space.inodes) left"
            findings.append(PreCheckFinding(.fileSystems, level, seen, advice: advice))
        }
        return findings
    }
}

extension UInt64 {
    fileprivate func dividedRoundingUp(by unit: UInt64) -> UInt64 { self / unit + (self % unit == 0 ? 0 : 1) }
}
