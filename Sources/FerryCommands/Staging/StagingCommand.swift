internal import ArgumentParser

/// `ferry staging`
struct StagingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staging",
        abstract: "Receive disks, keep them, prove them, hand them on.",
        subcommands: [
            StagingServe.self, StagingVolumes.self, StagingVerify.self, StagingExport.self, StagingProve.self,
            StagingSnapshot.self,
        ]
    )
}
