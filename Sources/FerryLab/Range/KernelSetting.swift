internal import FerryCore
internal import Foundation

/// A setting below /proc/sys, of the network namespace of the calling thread.
enum KernelSetting {
    /// Sets `key`, its path with dots, of `node`.
    /// - Throws: `FerryError` with `ErrorCode.labDevice` if the kernel does not have it there.
    static func set(_ key: String, _ value: String, at node: String) throws(FerryError) {
        do {
            try value.write(toFile: path(key), atomically: false, encoding: .utf8)
        } catch {
            // A kernel without IPv6 has nothing to turn off.
            if key.hasPrefix("net.ipv6."), !FileManager.default.fileExists(atPath: path(key)) { return }
            throw FerryError(
                .labDevice,
                operation: "set",
                subject: "\(key) of \(node)",
                cause: "\(error.localizedDescription)",
                advice: "The kernel does not offer it to network namespaces; take it out of the topology."
            )
        }
    }

    /// What `key` is; nil if the kernel does not say.
    static func value(_ key: String) -> String? {
        (try? String(contentsOfFile: path(key), encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func path(_ key: String) -> String {
        "/proc/sys/" + key.split(separator: ".").joined(separator: "/")
    }
}
