internal import ArgumentParser

/// `ferry staging`
struct StagingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staging",
        abstract: "Receives disks, keeps them, proves them, hands them on.",
        subcommands: [
            StagingServe.self, StagingVolumes.self, StagingVerify.self, StagingExport.self, StagingProve.self,
            StagingSnapshot.self,
        ]
    )
}
