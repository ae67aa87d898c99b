import FerryCore
import Glibc
import Testing

@testable import FerryPreCheck

@Suite struct PreCheckTests {
    @Test func `a server of which nothing can be read gives a finding for every check and never an error`() throws {
        let server = try MadeUpServer()
        let findings = server.findings
        let all: [PreCheckID] = [
            .kernel, .clockSkew, .clockSynchronization, .processorLoad, .memoryLoad, .pressure, .stateSpace,
            .fileSystems,
            .bootLoader, .bootFiles, .rootName, .firmware, .drivers, .networkDriver, .initramfsPolicy, .fstab,
            .storageLayers, .databases, .containers, .selinux, .interfaceNames, .staticAddresses, .cloudInit,
        ]
        #expect(findings.map(\.check) == all)
        #expect(!findings.contains { $0.level == .critical })
        let checked = findings.filter(\.isChecked).map(\.check)
        #expect(checked == [.clockSynchronization, .stateSpace])
        for finding in findings where !finding.isChecked && finding.check != .pressure {
            #expect(finding.level == .warning && finding.seen.contains("could not be checked: "), "\(finding)")
        }
    }

    @Test func `the server the tests run on gives findings too`() {
        let findings = PreCheck.run()
        #expect(findings.contains { $0.check == .kernel && $0.isChecked })
        #expect(findings.contains { $0.check == .processorLoad })
    }

    @Test func `every finding that asks for attention says what to do or why it does not know`() throws {
        for finding in PreCheck.run() + (try MadeUpServer()).findings where finding.level > .ok {
            #expect(!finding.advice.isEmpty || !finding.isChecked, "\(finding)")
        }
    }

    @Test func `a finding is one line, and one JSON object`() {
        let finding = PreCheckFinding(.drivers, .critical, "It holds no \"virtio\"", advice: "Add it.")
        #expect(finding.description == "Critical  boot.drivers              It holds no \"virtio\". Add it.")
        var json = JSONText()
        finding.write(to: &json)
        #expect(
            json.text
                == #"{"check":"boot.drivers","level":"Critical","checked":true,"seen":"It holds no \"virtio\"","advice":"Add it."}"#
        )
    }

    @Test func `levels are ordered by how much they matter`() {
        #expect(PreCheckFinding.Level.allCases.sorted() == [.ok, .warning, .critical])
    }
}

@Suite struct SourceServerFilesTests {
    @Test func `links are followed below the root they were found in`() throws {
        let server = try MadeUpServer()
        try server.file("/usr/lib/os-release", "ID=made-up\n")
        try server.link("/etc/os-release", to: "../usr/lib/os-release")
        try server.link("/lib", to: "/usr/lib")
        try server.link("/deep", to: "/lib/../../../../lib/./os-release")
        for path in ["/etc/os-release", "/lib/os-release", "/deep"] {
            #expect(server.files.text(path) == "ID=made-up\n")
            #expect(server.files.resolved(path) == "/usr/lib/os-release")
        }
        #expect(!server.files.exists("/etc/passwd"))
    }

    @Test func `links in a circle lead nowhere`() throws {
        let server = try MadeUpServer()
        try server.link("/a", to: "/b")
        try server.link("/b", to: "a")
        #expect(server.files.located("/a") == nil)
        #expect(server.files.text("/a/x") == nil)
        #expect(server.files.names(in: "/b") == nil)
    }

    @Test func `a pipe is not waited for`() throws {
        let server = try MadeUpServer()
        #expect(mkfifo(server.root + "/pipe", 0o600) == 0)
        #expect(server.files.text("/pipe") == nil)
    }
}

@Suite struct ConfigurationLinesTests {
    @Test func `lines keep their numbers, whatever ends them`() {
        let lines = ConfigurationLines.of("# one\r\n\r\n  three \r\n\tfour")
        #expect(lines.map(\.number) == [3, 4])
        #expect(lines.map(\.text) == ["three", "four"])
    }

    @Test func `words are cut as a shell cuts them`() {
        let words = ConfigurationLines.shellWords(#"menuentry 'A "b" c' --id "x y" a\ b '' {"#)
        #expect(words == ["menuentry", "A \"b\" c", "--id", "x y", "a b", "", "{"])
    }

    @Test func `the last of several values is kept and quotes go`() {
        let text = "MODULES=most\n#MODULES=no\n MODULES = \"dep\" \nMODULESX=1\n"
        #expect(ConfigurationLines.values(of: "MODULES", in: text) == ["most", "dep"])
    }
}
