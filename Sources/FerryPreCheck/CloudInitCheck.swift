extension PreCheckID {
    /// What cloud-init would do at the target.
    public static let cloudInit = PreCheckID("network.cloud-init")
}

/// Whether cloud-init is installed: at the target it sees a new instance and does its first-boot work again.
enum CloudInitCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        let files = server.files
        guard files.exists("/etc/cloud/cloud.cfg") else {
            let seen = files.exists("/etc") ? "cloud-init is not installed" : nil
            guard let seen else { return [.unchecked(.cloudInit, "cloud-init", because: "/etc cannot be read")] }
            return [PreCheckFinding(.cloudInit, .ok, seen)]
        }
        if files.exists("/etc/cloud/cloud-init.disabled") {
            return [PreCheckFinding(.cloudInit, .ok, "cloud-init is installed and switched off")]
        }
        return [
            PreCheckFinding(
                .cloudInit,
                .warning,
                "cloud-init is installed and will take the target for a new server",
                advice:
                    "It may make new SSH host keys, set the host name and write the network configuration again: check "
                    + "/etc/cloud/cloud.cfg, or create /etc/cloud/cloud-init.disabled if the target needs none of it."
            )
        ]
    }
}
