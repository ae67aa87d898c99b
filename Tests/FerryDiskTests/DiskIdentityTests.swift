import FerryCore
import Foundation
import Testing

@testable import FerryDisk

@Suite struct DiskIdentityTests {
    private func identity(_ facts: (DiskIdentity.Kind, String)...) -> DiskIdentity {
        DiskIdentity(facts: facts.map { DiskIdentity.Fact($0.0, $0.1) })
    }

    @Test func worldWideNameDecidesWhateverIsOnTheDisk() {
        let was = identity((.wwn, "naa.1"), (.gptGUID, "a"))
        #expect(was.compared(with: identity((.wwn, "naa.1"), (.gptGUID, "b"))) == .same(by: .wwn))
        #expect(
            was.compared(with: identity((.wwn, "naa.2"), (.gptGUID, "a")))
                == .different(was: .init(.wwn, "naa.1"), isNow: .init(.wwn, "naa.2"))
        )
    }

    @Test func sharedSerialNumberDoesNotMakeTwoDisksOne() {
        let was = identity((.serial, "QM00001"), (.gptGUID, "a"))
        #expect(
            was.compared(with: identity((.serial, "QM00001"), (.gptGUID, "b")))
                == .different(was: .init(.gptGUID, "a"), isNow: .init(.gptGUID, "b"))
        )
        #expect(was.compared(with: identity((.serial, "QM00001"), (.gptGUID, "a"))) == .same(by: .serial))
    }

    @Test func sizeAloneSaysNothingAndMayGrow() {
        #expect(identity((.size, "1")).compared(with: identity((.size, "1"))) == .unknown)
        #expect(
            identity((.gptGUID, "a"), (.size, "1")).compared(with: identity((.gptGUID, "a"), (.size, "2")))
                == .same(by: .gptGUID)
        )
        #expect(
            identity((.mbrSignature, "a"), (.size, "1")).compared(with: identity((.mbrSignature, "a"), (.size, "2")))
                == .different(was: .init(.size, "1"), isNow: .init(.size, "2"))
        )
    }

    @Test(.enabled(if: Tool.has("sfdisk", "mke2fs"), Tool.missing("sfdisk", "mke2fs")))
    func imageKeepsItsIdentityWhenItIsCopied() throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 16)
        let blank = try Disk(path: image).identity()
        #expect(blank.facts.map(\.kind) == [.inode, .size])
        try Tool.run("sfdisk", "-q", image, input: "label: dos\nstart=2048, size=20480, type=83\n")
        try Tool.run("mke2fs", "-q", "-F", "-E", "offset=1048576", image, "10M")
        let was = try Disk(path: image).identity()
        #expect(was.facts.map(\.kind) == [.mbrSignature, .fileSystemUUID, .size])
        try Tool.run("cp", image, scratch.path("copy"))
        #expect(was.compared(with: try Disk(path: scratch.path("copy")).identity()) == .same(by: .mbrSignature))
        try Tool.run("sfdisk", "-q", "--disk-id", image, "0x01020304")
        #expect {
            try Disk(path: image).require(was)
        } throws: {
            ($0 as? FerryError)?.code == .diskSwapped
        }
    }
}
