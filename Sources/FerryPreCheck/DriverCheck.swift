extension PreCheckID {
    /// Whether every kernel that may start has the drivers for the target's disks at hand.
    public static let drivers = PreCheckID("boot.drivers")
    /// Whether the kernel has a driver for the target's network.
    public static let networkDriver = PreCheckID("boot.network-driver")
}

/// Whether the root disk is found at the target: its drivers have to be in the kernel or in the initramfs image,
/// because where they are otherwise is on the disk they are needed for.
enum DriverCheck {
    /// A kernel and the images that are loaded with it.
    private struct Start: Equatable {
        var release: String
        var images: [String]
    }

    static func run(_ server: SourceServer, _ boot: BootConfiguration) -> [PreCheckFinding] {
        let files = server.files
        let entries = (boot.entries.isEmpty ? BootFiles.pairs(files) : boot.entries).filter { !$0.isRescue }
        var starts: [(start: Start, mayBeDefault: Bool)] = []
        for entry in entries {
            let images = entry.images.compactMap { BootFiles.locate($0, files) }
            let kernel = BootFiles.locate(entry.kernel, files) ?? entry.kernel
            let release =
                BootFiles.release(ofKernel: kernel, files)
                ?? images.lazy.compactMap { BootFiles.release(ofImage: $0, files) }.first
            guard let release else { continue }
            let start = Start(release: release, images: images)
            if let index = starts.firstIndex(where: { $0.start == start }) {
                starts[index].mayBeDefault = starts[index].mayBeDefault || entry.mayBeDefault
            } else {
                starts.append((start, entry.mayBeDefault))
            }
        }
        guard !starts.isEmpty else {
            return [PreCheckID.drivers, .networkDriver].map {
                .unchecked(
                    $0,
                    "The drivers for \(server.request.targetBus.rawValue)",
                    because: "no kernel that may start was found"
                )
            }
        }
        let policy = InitramfsPolicy.read(files)
        return starts.map { disk($0.start, $0.mayBeDefault, policy, server) }
            + [network(starts.first { $0.mayBeDefault }?.start.release ?? starts[0].start.release, server)]
    }

    private static func disk(
        _ start: Start,
        _ mayBeDefault: Bool,
        _ policy: InitramfsPolicy,
        _ server: SourceServer
    ) -> PreCheckFinding {
        let bus = server.request.targetBus
        let kernel = KernelDrivers(release: start.release, server.files)
        let presences = bus.drivers.map { ($0, kernel.presence($0)) }
        let worst = mayBeDefault ? PreCheckFinding.Level.critical : .warning
        func list(_ drivers: [Driver]) -> String { drivers.map(\.module).joined(separator: ", ") }

        let absent = presences.filter { $0.1 == .absent }.map(\.0)
        let needed = presences.filter { $0.1 != .builtIn }.map(\.0)
        if needed.isEmpty {
            return PreCheckFinding(.drivers, .ok, "Kernel \(start.release) has \(list(bus.drivers)) built in")
        }
        if start.images.isEmpty, !presences.contains(where: { $0.1 == .unknown }) {
            let advice = "Make an initramfs image for it, or choose another kind of disk at the target."
            let seen = "Kernel \(start.release) starts without an image and has no \(list(needed)) built in"
            return PreCheckFinding(.drivers, worst, seen, advice: advice)
        }
        var found: [String] = []
        var unread: [String] = []
        for path in start.images {
            let image = InitramfsImage(path, server.files, server.decompressor)
            found += image.drivers
            if let reason = image.unread { unread.append("\(path): \(reason)") }
        }
        let missing = needed.filter { !found.contains($0.module) }
        let path = start.images.joined(separator: ", ")
        if missing.isEmpty {
            let seen = "Kernel \(start.release) finds \(list(needed)) in \(path)"
            return PreCheckFinding(.drivers, .ok, seen)
        }
        // A kernel that has no such driver cannot have it in its image either, whatever could be read of that.
        if !absent.filter({ missing.contains($0) }).isEmpty {
            let advice = "Install a kernel that has them, or choose another kind of disk at the target."
            let seen = "Kernel \(start.release) has no \(list(absent)), neither built in nor as a module"
            return PreCheckFinding(.drivers, worst, seen, advice: advice)
        }
        let remedy = policy.remedy(missing, release: start.release, image: start.images.first ?? "its image")
        if unread.isEmpty, !start.images.isEmpty {
            let seen =
                "\(path) holds no \(list(missing)): kernel \(start.release) will not find its root disk at the target"
            return PreCheckFinding(.drivers, worst, seen, advice: remedy)
        }
        return unknown(start, missing, unread, policy, remedy, server)
    }

    /// The image could not be read: says what speaks for and against it.
    private static func unknown(
        _ start: Start,
        _ missing: [Driver],
        _ unread: [String],
        _ policy: InitramfsPolicy,
        _ remedy: String,
        _ server: SourceServer
    ) -> PreCheckFinding {
        let names = missing.map(\.module).joined(separator: ", ")
        let reason = unread.isEmpty ? "it is not known which image is loaded" : unread.joined(separator: "; ")
        let disks = server.files.names(in: "/sys/block") ?? []
        let isThere =
            start.release == server.kernelRelease
            && disks.contains { $0.hasPrefix(server.request.targetBus.diskNamePrefix) }
            && server.request.targetBus != .virtioSCSI
        let evidence =
            if isThere {
                "it runs now, on a server that has such disks already, so they are likely in it"
            } else if policy.isForThisServerOnly {
                "images are made for this server's hardware only, so they are likely not in it"
            } else if case .initramfsToolsMost = policy {
                "images are made with the usual drivers, so they are likely in it"
            } else {
                "nothing says how it was made"
            }
        return .unchecked(
            .drivers,
            "Whether kernel \(start.release) finds \(names) at the target",
            because: "\(reason); \(evidence)",
            advice: isThere
                ? "Check with lsinitramfs or lsinitrd." : "Check with lsinitramfs or lsinitrd. To be sure: \(remedy)"
        )
    }

    private static func network(_ release: String, _ server: SourceServer) -> PreCheckFinding {
        guard server.request.targetBus != .xen else {
            return PreCheckFinding(.networkDriver, .ok, "A Xen target's network needs no virtio driver")
        }
        switch KernelDrivers(release: release, server.files).presence(.virtioNetwork) {
        case .builtIn: return PreCheckFinding(.networkDriver, .ok, "Kernel \(release) has virtio_net built in")
        case .module: return PreCheckFinding(.networkDriver, .ok, "Kernel \(release) has virtio_net as a module")
        case .absent:
            let advice = "Install a kernel that has it, or choose another kind of network interface at the target."
            return PreCheckFinding(.networkDriver, .critical, "Kernel \(release) has no virtio_net", advice: advice)
        case .unknown:
            let reason = "neither /lib/modules/\(release) nor /boot/config-\(release) can be read"
            return .unchecked(.networkDriver, "Whether kernel \(release) has virtio_net", because: reason)
        }
    }
}
