extension PreCheckID {
    /// Whether SELinux is enforcing.
    public static let selinux = PreCheckID("security.selinux")
}

/// Whether SELinux is enforcing. A copy of the whole disk keeps every label, so nothing has to be done; who changes
/// files of the copy from a system without SELinux has to have them labelled again.
enum SELinuxCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        let isEnforcing = server.files.text("/sys/fs/selinux/enforce")?.hasPrefix("1")
        let configured = server.files.text("/etc/selinux/config").flatMap {
            ConfigurationLines.values(of: "SELINUX", in: $0).last
        }
        if isEnforcing == true || configured == "enforcing" {
            let now = isEnforcing == false ? "will be enforcing after the next start" : "is enforcing"
            return [
                PreCheckFinding(
                    .selinux,
                    .ok,
                    "SELinux \(now); its labels move with the disk, and a new labelling (/.autorelabel) is needed only "
                        + "if files of the copy are changed from outside"
                )
            ]
        }
        if let configured { return [PreCheckFinding(.selinux, .ok, "SELinux is \(configured)")] }
        guard server.files.names(in: "/etc") != nil else {
            return [.unchecked(.selinux, "SELinux", because: "neither /sys/fs/selinux nor /etc can be read")]
        }
        return [PreCheckFinding(.selinux, .ok, "SELinux is not in use")]
    }
}
