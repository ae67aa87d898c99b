import FerryCore
import FerryImage
import Testing

@testable import FerryStaging

@Suite("What the index says of a volume and its generations")
struct VolumeRecordTests {
    private let fixture: VolumeFixture

    init() throws { fixture = try VolumeFixture() }

    private func record() throws -> VolumeRecord { try fixture.catalog.volume("web01/sda") }

    @Test func isTheIdentityThatTheAgentSaidLastAlsoIfTheVolumeIsOpen() throws {
        #expect(try fixture.open(identity: "serial=1 size=2").record.identity == "serial=1 size=2")
        #expect(try record().identity == "serial=1 size=2")
    }

    @Test func isOfAGenerationTheIdentityThatItsPassWasOpenedWith() throws {
        let ofPass = fixture.volume
        try fixture.makeGeneration()
        _ = try fixture.open(identity: "serial=2")
        let generation = try #require(try fixture.catalog.lastGeneration(of: record()))
        #expect(generation.identity == "serial=1" && generation.cutRule == 1)
        #expect(try record().identity == "serial=2")

        // A pass that ends after another run of the agent has opened the volume says nothing of what that knows.
        var later = generation
        later.number = 2
        try fixture.store.addGeneration(later, to: ofPass)
        #expect(try record().identity == "serial=2" && record().lastGeneration == 2)
        #expect(try fixture.catalog.lastGeneration(of: record())?.identity == "serial=1")
    }

    @Test func keepsWhatWaitsForACheckpointWhenTheVolumeIsOpenedAgain() throws {
        let record = RegionRecord(.zero, blocks: ImageLayout.regionBlocks)
        let former = fixture.volume
        former.note([(1, record.encoded)])
        let again = try fixture.open(identity: "serial=3")
        #expect(former !== again)
        #expect(try fixture.store.index.read { try again.regionRecord(1, $0) } == record)
        again.note([(2, record.encoded)])
        try fixture.store.commit([former, again])
        #expect(again.unindexedCount == 0)
        let indexed = try fixture.store.index.read { reading in
            try [1, 2].map { region in
                try reading.value(.records, RecordKey(volume: again.record.number, region: region)) { Array($0) }
            }
        }
        #expect(indexed == [record.encoded, record.encoded])
    }

    @Test func mayBeThatOfAnOlderRelease() throws {
        let generation = """
            {"number":1,"pass":2,"root":"00","isConsistent":true,"startedAt":"a","endedAt":"b","verifiedAt":"c",\
            "dataBytes":1,"damagedBytes":2,"unusedBytes":3}
            """
        let volume = """
            {"number":1,"identifier":"00","job":"web01","disk":"sda","size":9,"identity":"x","cutRule":1,\
            "path":"/dev/vdb","lastPass":0,"lastGeneration":0}
            """
        try Array(generation.utf8).withUnsafeBytes {
            let record = try IndexCoding.decode(GenerationRecord.self, $0)
            #expect(record.identity == nil && record.cutRule == nil && record.pass == 2)
        }
        try Array(volume.utf8).withUnsafeBytes {
            let record = try IndexCoding.decode(VolumeRecord.self, $0)
            #expect(record.device == nil && record.path == "/dev/vdb")
        }
    }
}
