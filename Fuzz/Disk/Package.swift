// swift-tools-version: 6.2
import PackageDescription

// A package of its own: its targets are compiled with the fuzzer's instrumentation, which nothing that is shipped may
// be. The sources are links to those of the program. To run it:
//
//     swift build -c release && ./seeds.sh corpus && .build/release/fuzz-disk corpus -max_len=1048576
let instrumented: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

let package = Package(
    name: "fuzz-disk",
    targets: [
        .target(name: "CFerryLinux"),
        .target(name: "FerryCore", swiftSettings: instrumented),
        .target(name: "FerryDisk", dependencies: ["FerryCore", "CFerryLinux"], swiftSettings: instrumented),
        .executableTarget(
            name: "fuzz-disk",
            dependencies: ["FerryCore", "FerryDisk"],
            swiftSettings: instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
        ),
    ]
)
