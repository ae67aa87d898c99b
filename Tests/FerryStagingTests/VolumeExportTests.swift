import FerryCore
import Foundation
import Testing

@testable import FerryStaging

@Suite("An exported image")
struct VolumeExportTests {
    private let fixture: VolumeFixture
    private var out: String { fixture.path("image") }

    init() throws {
        fixture = try VolumeFixture()
        try fixture.makeGeneration()
    }

    /// Writes the bytes at `source` to the file `target`, as `qemu-img` does: into the file that is there.
    private func convert(_ source: String, _ target: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: target))
        try file.write(contentsOf: try Data(contentsOf: URL(fileURLWithPath: source)))
        try file.close()
    }

    private func write(_ byte: UInt8, to name: String) throws {
        try Data([byte]).write(to: URL(fileURLWithPath: fixture.path(name)))
    }

    @Test func isTheLastGenerationAndLeavesNothingElse() throws {
        let before = try fixture.content()
        #expect(try fixture.catalog.export("web01/sda", to: out, convert: convert).generation == 1)
        #expect(try fixture.bytes(of: "image") == before)
        #expect(try fixture.files == ["image"])
    }

    @Test func isNotMadeOfContentThatIsNotTheGenerationsThoughTheIndexStillSaysSo() throws {
        for region in 0..<4 {
            try fixture.write(88, to: region, isIndexed: false)
            let failure = failure {
                try fixture.catalog.export("web01/sda", to: out) { _, _ in Issue.record("it was converted") }
            }
            #expect(failure?.code == .volumeNotReady)
            #expect(try fixture.files.isEmpty)
            try fixture.write(UInt8(region + 1), to: region, isIndexed: false)
        }
    }

    @Test func isNotTouchedByAPassThatBeginsWhileItIsConverted() throws {
        let before = try fixture.content()
        _ = try fixture.catalog.export("web01/sda", to: out) { source, target in
            try fixture.write(99, to: 2)
            try convert(source, target)
        }
        #expect(try fixture.bytes(of: "image") == before)
    }

    @Test func leavesAloneWhatLiesUnderItsTemporaryNames() throws {
        for name in ["image.partial", "image.content.partial"] {
            try write(1, to: name)
            #expect(
                failure { try fixture.catalog.export("web01/sda", to: out, convert: convert) }?.code == .stagingData
            )
            #expect(try fixture.bytes(of: name) == Data([1]))
            #expect(try fixture.files == [name])
            try FileManager.default.removeItem(atPath: fixture.path(name))
        }
    }

    @Test func neverTakesTheNameOfAFileThatWasMadeMeanwhile() throws {
        let exporting = failure {
            try fixture.catalog.export("web01/sda", to: out) { source, target in
                try convert(source, target)
                try write(7, to: "image")
            }
        }
        let copying = failure {
            try fixture.catalog.snapshot("web01/sda", to: fixture.path("copy")) { _, _ in try? write(7, to: "copy") }
        }
        #expect(exporting?.code == .stagingData && copying?.code == .stagingData)
        #expect(try fixture.bytes(of: "image") == Data([7]) && fixture.bytes(of: "copy") == Data([7]))
        #expect(try fixture.files == ["copy", "image"])
    }

    @Test func isNotWhatSomebodyPutInItsPlace() throws {
        let exporting = failure {
            try fixture.catalog.export("web01/sda", to: out) { _, target in
                try FileManager.default.removeItem(atPath: target)
                try write(5, to: "image.partial")
            }
        }
        #expect(exporting?.code == .stagingData)
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    @Test func isGoneIfTheProgramThatMakesItFails() throws {
        struct Failed: Error {}
        #expect(throws: Failed.self) {
            try fixture.catalog.export("web01/sda", to: out) { _, _ in throw Failed() }
        }
        #expect(try fixture.files.isEmpty)
    }

    @Test func saysHowFarItIs() throws {
        var told: [ByteCount] = []
        _ = try fixture.catalog.snapshot("web01/sda", to: out) { done, total in
            told.append(done)
            #expect(total == fixture.size)
        }
        #expect(told.count == 4 && told.last == fixture.size && told == told.sorted())
    }
}
