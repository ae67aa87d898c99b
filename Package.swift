// swift-tools-version: 6.2
import PackageDescription

/// The C libraries that the agent links are linked statically, so that it runs on any Linux.
let package = Package(
    name: "ferry",
    products: [
        .executable(name: "ferry", targets: ["ferry"]),
        .executable(name: "ferry-agent", targets: ["ferry-agent"]),
        .executable(name: "ferry-lab", targets: ["ferry-lab"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "CFerryLinux"),
        .systemLibrary(name: "CXXHash"),
        .systemLibrary(name: "CZstd"),
        .systemLibrary(name: "CLMDB"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CYAML"),
        .target(name: "CSHA256", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "FerryCore"),
        .target(name: "FerryDisk", dependencies: ["FerryCore", "CFerryLinux"]),
        .target(name: "FerryAddress", dependencies: ["FerryCore"]),
        .target(name: "FerryEvidence", dependencies: ["FerryAddress", "FerryCore"]),
        .target(name: "FerrySite", dependencies: ["FerryAddress", "FerryCore", "FerryEvidence", "CYAML"]),
        .target(name: "FerryDiagnosis", dependencies: ["FerryAddress", "FerryCore", "FerryEvidence"]),
        .target(
            name: "FerryReport",
            dependencies: ["FerryAddress", "FerryCore", "FerryEvidence", "FerryPacket", "FerrySite"]
        ),
        .target(name: "FerryProcess", dependencies: ["CFerryLinux"]),
        .target(name: "FerryPacket", dependencies: ["FerryCore"]),
        .target(name: "FerryResolver", dependencies: ["FerryAddress", "FerryCore"]),
        .target(
            name: "FerryProbe",
            dependencies: [
                "FerryAddress", "FerryCore", "FerryEvidence", "FerryPacket", "FerryResolver", "FerryTransport",
                "CFerryLinux",
                .nio("NIOCore"), .nio("NIOPosix"), .nio("NIOTLS"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(name: "FerryImage", dependencies: ["FerryCore", "CXXHash", "CSHA256"]),
        .target(name: "FerryWire", dependencies: ["FerryCore", "FerryImage", .nio("NIOCore")]),
        .target(
            name: "FerryTransport",
            dependencies: [
                "FerryAddress", "FerryCore", "FerryWire", "CZstd", "CFerryLinux", .nio("NIOCore"), .nio("NIOPosix"),
                .nio("NIOTLS"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(
            name: "FerryReplication",
            dependencies: [
                "FerryAddress", "FerryCore", "FerryDisk", "FerryImage", "FerryWire", "FerryTransport", "FerryResolver",
                "CFerryLinux",
                "CXXHash", .nio("NIOCore"), .nio("NIOPosix"),
            ]
        ),
        .target(
            name: "FerryStaging",
            dependencies: [
                "FerryCore", "FerryImage", "FerryWire", "FerryTransport", "CLMDB", "CFerryLinux", .nio("NIOCore"),
                .nio("NIOPosix"),
                .nio("NIOHTTP1"), .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "FerryAgentCommands",
            dependencies: [
                "FerryAddress", "FerryCore", "FerryDisk", "FerryPreCheck", "FerryProbe", "FerryProcess",
                "FerryReplication", "FerryResolver", "FerrySite", "FerryTransport", "CZlib", .nio("NIOCore"),
            ]
        ),
        .executableTarget(name: "ferry-agent", dependencies: ["FerryAgentCommands"]),
        .target(
            name: "FerryIdentity",
            dependencies: [
                "FerryCore", .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "SwiftASN1", package: "swift-asn1"),
            ]
        ),
        .target(
            name: "FerryProof",
            dependencies: ["FerryCore", "FerryImage", "FerryIdentity", "CFerryLinux"]
        ),
        .target(
            name: "FerryCommands",
            dependencies: [
                "FerryAddress", "FerryCore", "FerryDiagnosis", "FerryEvidence", "FerryIdentity", "FerryPacket",
                "FerryProbe",
                "FerryProcess",
                "FerryProof", "FerryReport", "FerryResolver", "FerrySite", "FerryStaging", "FerryTransport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(name: "ferry", dependencies: ["FerryCommands"]),
        .target(name: "FerryPreCheck", dependencies: ["FerryCore"]),
        .target(name: "CFerryLab"),
        .target(
            name: "FerryLab",
            dependencies: [
                "FerryAddress", "FerryCore", "FerryProcess", "CFerryLab", "CFerryLinux",
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "FerryLabCommands",
            dependencies: [
                "FerryCore", "FerryDiagnosis", "FerryLab", "FerryProcess",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(name: "ferry-lab", dependencies: ["FerryLabCommands"]),
        .testTarget(
            name: "FerryCommandsTests",
            dependencies: [
                "FerryCommands", "FerryCore", "FerryDiagnosis", "FerryEvidence",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(name: "FerryCoreTests", dependencies: ["FerryCore"]),
        .testTarget(name: "FerryEvidenceTests", dependencies: ["FerryEvidence", "FerryCore"]),
        .testTarget(
            name: "FerryDiagnosisTests",
            dependencies: ["FerryDiagnosis", "FerryAddress", "FerryEvidence", "FerryCore"]
        ),
        .testTarget(name: "FerryDiskTests", dependencies: ["FerryDisk", "FerryCore"]),
        .testTarget(name: "FerryIdentityTests", dependencies: ["FerryIdentity", "FerryCore"]),
        .testTarget(name: "FerryImageTests", dependencies: ["FerryImage", "FerryCore"]),
        .testTarget(name: "FerryLabTests", dependencies: ["FerryLab", "FerryCore"]),
        .testTarget(name: "FerryPacketTests", dependencies: ["FerryPacket", "FerryCore"]),
        .testTarget(name: "FerryPreCheckTests", dependencies: ["FerryPreCheck", "FerryCore"]),
        .testTarget(
            name: "FerryProbeTests",
            dependencies: [
                "FerryProbe", "FerryAddress", "FerryCore", "FerryEvidence", "FerryIdentity", "FerryPacket",
                "FerryResolver",
                "FerryTransport",
            ]
        ),
        .testTarget(
            name: "FerryProofTests",
            dependencies: ["FerryProof", "FerryIdentity", "FerryImage", "FerryCore"]
        ),
        .testTarget(
            name: "FerryReplicationTests",
            dependencies: [
                "FerryReplication", "FerryAddress", "FerryCore", "FerryDisk", "FerryImage", "FerryResolver",
                "FerryTransport",
                "FerryWire",
                .nio("NIOCore"), .nio("NIOPosix"),
            ]
        ),
        .testTarget(name: "FerryAddressTests", dependencies: ["FerryAddress", "FerryCore"]),
        .testTarget(name: "FerryResolverTests", dependencies: ["FerryResolver", "FerryAddress", "FerryCore"]),
        .testTarget(name: "FerryWireTests", dependencies: ["FerryWire", "FerryImage", "FerryCore", .nio("NIOCore")]),
        .testTarget(
            name: "FerryReportTests",
            dependencies: ["FerryReport", "FerryCore", "FerryDiagnosis", "FerryEvidence", "FerryPacket"],
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "FerrySiteTests", dependencies: ["FerrySite", "FerryEvidence", "FerryCore", "FerryLab"]),
        .testTarget(
            name: "FerryStagingTests",
            dependencies: [
                "FerryStaging", "FerryAddress", "FerryCore", "FerryIdentity", "FerryImage", "FerryReplication",
                "FerryResolver",
                "FerryTransport", "FerryWire", .nio("NIOCore"), .nio("NIOPosix"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "FerryAgentCommandsTests",
            dependencies: [
                "FerryAgentCommands", "FerryAddress", "FerryCore", "FerryIdentity", "FerryPreCheck", "FerryReplication",
                "FerryResolver", "FerryTransport",
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "FerryCore", "FerryDisk", "FerryEvidence", "FerryProbe", .nio("NIOCore"), .nio("NIOPosix"),
            ]
        ),
    ]
)

extension Target.Dependency {
    static func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
}

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .treatAllWarnings(as: .error),
        ]
}

// With the address sanitizer, `make sanitize` builds only what reads strangers' bytes with few dependencies: those for
// certificates and TLS take several times as long to build as all of it.
if Context.environment["FERRY_FEW_DEPENDENCIES"] != nil {
    let kept = ["CFerryLinux", "CXXHash", "CSHA256", "FerryCore"]
    let read = [
        "FerryAddress", "FerryDisk", "FerryImage", "FerryPacket", "FerryPreCheck", "FerryResolver", "FerryWire",
    ]
    let names = Set(kept + read + (read + ["FerryCore"]).map { "\($0)Tests" })
    package.targets.removeAll { !names.contains($0.name) }
    package.products.removeAll()
}
