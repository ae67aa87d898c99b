// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "ferry",
    products: [],
    dependencies: [],
    targets: [
        .target(name: "CFerryLinux"),
        .systemLibrary(name: "CXXHash"),
        .target(name: "FerryCore"),
        .target(name: "FerryDisk", dependencies: ["FerryCore", "CFerryLinux"]),
        .testTarget(name: "FerryCoreTests", dependencies: ["FerryCore"]),
        .testTarget(name: "FerryDiskTests", dependencies: ["FerryDisk", "FerryCore"]),
    ]
)

for target in package.targets where target.type == .regular || target.type == .test || target.type == .executable {
    target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings
}
