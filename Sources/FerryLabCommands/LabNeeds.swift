internal import FerryCore
internal import FerryLab
internal import FerryProcess
internal import Foundation

/// What a lab needs of the machine.
enum LabNeeds {
    /// - Parameter nodes: how many the lab has.
    /// - Throws: `FerryError` with `ErrorCode.labTool` that names everything that is missing, and how to get it.
    static func check(nodes: Int = 0) throws(FerryError) {
        var missing: [String] = []
        let tools = [("ip", "iproute2"), ("nft", "nftables"), ("unshare", "util-linux"), ("nsenter", "util-linux")]
        for (tool, package) in tools where ChildProgram.path(of: tool) == nil {
            missing.append("the program \(tool) (apt-get install \(package))")
        }
        if access("/dev/net/tun", R_OK | W_OK) != 0 {
            missing.append("/dev/net/tun, readable and writable for you (as root: chmod 0666 /dev/net/tun)")
        }
        missing += RangeLimits.ofThisMachine().missing(forNodes: nodes)
        if missing.isEmpty, !mayMakeNamespaces {
            missing.append(
                "user namespaces (as root: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000)"
            )
        }
        guard missing.isEmpty else {
            throw FerryError(
                .labTool,
                operation: "build",
                subject: "a network on this machine",
                cause: "it lacks " + missing.joined(separator: "; "),
                advice: "Provide that and try again."
            )
        }
    }

    private static var mayMakeNamespaces: Bool {
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nowhere) }
        let program = try? ChildProgram(LabProcess.alone + ["true"], output: nowhere, complaints: nowhere)
        return program?.wait() == 0
    }
}
