import FerryCore
import Foundation
import Testing

@testable import FerryStaging

/// A program that reads an index and is killed.
private enum Reader {
    /// Begins to read the index in its first argument, and kills itself.
    fileprivate static let script = """
        import ctypes, os, sys
        lmdb = ctypes.CDLL("liblmdb.so.0")
        environment, transaction = ctypes.c_void_p(), ctypes.c_void_p()
        lmdb.mdb_env_create(ctypes.byref(environment))
        if lmdb.mdb_env_open(environment, sys.argv[1].encode(), 0x20000, 0o600) != 0: sys.exit(3)
        if lmdb.mdb_txn_begin(environment, None, 0x20000, ctypes.byref(transaction)) != 0: sys.exit(4)
        sys.stdout.write("reading"); sys.stdout.flush()
        os.kill(os.getpid(), 9)
        """

    static let isThere = (try? python(["-c", "import ctypes; ctypes.CDLL('liblmdb.so.0')"]))?.status == 0

    fileprivate static func python(_ arguments: [String]) throws -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let said = Pipe()
        process.standardOutput = said
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    /// Has the index in `folder` read by a program that is killed meanwhile.
    static func kill(in folder: Folder) throws {
        #expect(try python(["-c", script, folder.path]).said == "reading")
    }
}

@Suite("An index", .enabled(if: Reader.isThere, "python3 and liblmdb.so are needed"))
struct KilledReaderTests {
    /// Writes over the same entries again and again, and returns by how many bytes the file has grown.
    private func growth(of index: Index, in folder: Folder) throws -> Int {
        func size() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: "\(folder.path)/data.mdb")[.size] as? Int ?? 0
        }
        let before = try size()
        for round in 0..<200 {
            try index.write { writing in
                for key: UInt64 in 0..<200 {
                    try writing.put(.chunks, key, [UInt8](repeating: UInt8(round), count: 100))
                }
            }
        }
        return try size() - before
    }

    private func fill(_ index: Index, _ folder: Folder) throws { _ = try growth(of: index, in: folder) }

    @Test func doesNotGrowBecauseAReaderWasKilledWhileItWasOpen() throws {
        let folder = try Folder()
        let index = try Index(directory: folder.path, readerCheckInterval: .zero)
        try fill(index, folder)
        try Reader.kill(in: folder)
        #expect(try growth(of: index, in: folder) < 500_000)
    }

    @Test func growsOtherwise() throws {
        let folder = try Folder()
        let index = try Index(directory: folder.path, readerCheckInterval: .seconds(60))
        try fill(index, folder)
        try Reader.kill(in: folder)
        #expect(try growth(of: index, in: folder) > 2_000_000)
    }
}
