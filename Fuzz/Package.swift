// swift-tools-version: 6.2
import PackageDescription

// A package of its own: its targets are compiled with the fuzzer's and the address sanitizer's instrumentation, which
// nothing that is shipped may be. The sources are links to those of the programs, and of NIO and the libraries of
// certificates only what reading a stranger's bytes needs is built. `make fuzz` runs it.
let package = Package(
    name: "ferry-fuzz",
    dependencies: [.package(url: "https://github.com/apple/swift-nio", from: "2.101.2")],
    targets: [
        .target(name: "CFerryLinux"),
        .systemLibrary(name: "CXXHash"),
        .target(name: "CSHA256", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "FerryCore"),
        .target(name: "FerryDisk", dependencies: ["FerryCore", "CFerryLinux"]),
        .target(name: "FerryPacket", dependencies: ["FerryCore"]),
        .target(name: "FerryImage", dependencies: ["FerryCore", "CXXHash", "CSHA256"]),
        .target(
            name: "FerryWire",
            dependencies: ["FerryCore", "FerryImage", .product(name: "NIOCore", package: "swift-nio")]
        ),
        .target(
            name: "FerryProof",
            dependencies: ["FerryCore", "FerryImage", "CFerryLinux"],
            // What signs, checks signatures, or shows what they say.
            exclude: ["ConfirmedProof.swift", "ProofJSON.swift", "ProofText.swift", "ProofWriter.swift"]
        ),
        .systemLibrary(name: "CYAML"),
        .target(name: "FerryAddress", dependencies: ["FerryCore"]),
        .target(name: "FerryEvidence", dependencies: ["FerryAddress", "FerryCore"]),
        .target(name: "FerrySite", dependencies: ["FerryAddress", "FerryCore", "FerryEvidence", "CYAML"]),
        .target(name: "FuzzLoop"),
        .target(name: "FuzzDisk", dependencies: ["FerryCore", "FerryDisk", "FuzzLoop"]),
        .executableTarget(
            name: "fuzz-frames",
            dependencies: [
                "FerryCore", "FerryImage", "FerryWire", "FuzzLoop", .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "fuzz-partition-tables",
            dependencies: ["CFerryLinux", "FerryCore", "FerryDisk", "FuzzDisk", "FuzzLoop"]
        ),
        .executableTarget(name: "fuzz-ext4", dependencies: ["FerryCore", "FerryDisk", "FuzzDisk", "FuzzLoop"]),
        .executableTarget(
            name: "fuzz-xfs",
            dependencies: ["CFerryLinux", "FerryCore", "FerryDisk", "FuzzDisk", "FuzzLoop"]
        ),
        .executableTarget(name: "fuzz-captures", dependencies: ["FerryCore", "FerryPacket", "FuzzLoop"]),
        .executableTarget(
            name: "fuzz-manifest",
            dependencies: ["CFerryLinux", "FerryCore", "FerryImage", "FerryProof", "FuzzLoop"]
        ),
        .executableTarget(
            name: "fuzz-site",
            dependencies: ["FerryCore", "FerryEvidence", "FerrySite", "FuzzLoop"]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.cSettings = [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
        // Maps are looked at from within too, as the unit tests do.
        .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library", "-enable-testing"]),
    ]
    if target.type == .executable {
        target.linkerSettings = [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
    }
}
