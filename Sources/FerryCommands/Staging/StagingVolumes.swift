internal import ArgumentParser
internal import FerryCore
internal import FerryStaging

/// `ferry staging volumes`
struct StagingVolumes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volumes",
        abstract: "List the volumes of a staging server."
    )

    @Option(help: "The data directory.") var data: String
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let catalog = try VolumeCatalog(directory: data)
        for volume in try catalog.volumes() {
            if json {
                print(
                    JSONText.object {
                        $0.member("volume", volume.name)
                        $0.member("sizeBytes", volume.size)
                        $0.member("identity", volume.identity)
                        $0.member("path", catalog.path(of: volume))
                        $0.member("generation", volume.lastGeneration)
                        $0.member("pass", volume.lastPass)
                    }
                )
                continue
            }
            let state =
                try catalog.lastGeneration(of: volume).map {
                    "generation \($0.number), verified \($0.verifiedAt), \($0.isConsistent ? "consistent" : "fuzzy")"
                } ?? "no generation yet"
            print("\(volume.name)  \(ByteCount(volume.size))  \(state)  \(catalog.path(of: volume))")
        }
    }
}
