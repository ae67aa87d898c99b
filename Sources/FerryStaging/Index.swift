internal import CLMDB
internal import FerryCore
internal import Glibc
internal import Synchronization

/// The key-value file behind a staging server: LMDB, whose commits are atomic and survive a loss of power.
///
/// @unchecked Sendable: the environment may be used by any thread, a transaction stays within the call that makes it.
final class Index: @unchecked Sendable {
    /// One table of the index.
    enum Table: String, CaseIterable {
        /// Who owns a job.
        case jobs
        /// What volumes there are.
        case volumes
        /// What each region of a volume holds.
        case records
        /// Where a chunk can be found.
        case chunks
        /// The passes that were verified.
        case generations
    }

    private let environment: OpaquePointer
    private let tables: [MDB_dbi]
    private let readerCheckInterval: Duration
    private let lastReaderCheck = Mutex(ContinuousClock.now)

    /// The most the index may grow to: enough for the chunks of 100 TiB. Address space, not memory or disk.
    private static let mapSize = 1 << 38

    /// Opens or makes the index in `directory`.
    /// - Parameter readerCheckInterval: how often, at most, writing looks for readers that were killed.
    init(
        directory: String,
        readOnly: Bool = false,
        readerCheckInterval: Duration = .seconds(60)
    ) throws(FerryError) {
        self.readerCheckInterval = readerCheckInterval
        var environment: OpaquePointer?
        try Index.check(mdb_env_create(&environment), "create")
        guard let environment else { throw Index.failure(ENOMEM, "create") }
        self.environment = environment
        try Index.check(mdb_env_set_mapsize(environment, Index.mapSize), "size")
        try Index.check(mdb_env_set_maxdbs(environment, 16), "size")
        try Index.check(mdb_env_set_maxreaders(environment, 512), "size")
        let flags = UInt32(MDB_NOTLS) | UInt32(MDB_NORDAHEAD) | (readOnly ? UInt32(MDB_RDONLY) : 0)
        try Index.check(mdb_env_open(environment, directory, flags, 0o600), "open")
        Index.forgetKilledReaders(environment)
        var transaction: OpaquePointer?
        try Index.check(mdb_txn_begin(environment, nil, readOnly ? UInt32(MDB_RDONLY) : 0, &transaction), "open")
        var tables: [MDB_dbi] = []
        for table in Table.allCases {
            var handle: MDB_dbi = 0
            let flags = readOnly ? 0 : UInt32(MDB_CREATE)
            let result = mdb_dbi_open(transaction, table.rawValue, flags, &handle)
            guard result == 0 else {
                mdb_txn_abort(transaction)
                throw Index.failure(result, "open")
            }
            tables.append(handle)
        }
        self.tables = tables
        try Index.check(mdb_txn_commit(transaction), "open")
    }

    deinit { mdb_env_close(environment) }

    /// Runs `body` on one unchanging state of the index.
    func read<Result>(_ body: (Reading) throws -> Result) throws -> Result {
        var transaction: OpaquePointer?
        try Index.check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction), "read")
        defer { mdb_txn_abort(transaction) }
        return try body(Reading(transaction: transaction, tables: tables))
    }

    /// What a reader sees is kept as long as it reads. One that was killed says nothing any more, and without this the
    /// index would grow with everything that is written. That it may fail is no reason to write nothing.
    private static func forgetKilledReaders(_ environment: OpaquePointer) {
        var killed: Int32 = 0
        mdb_reader_check(environment, &killed)
    }

    private func forgetKilledReadersIfDue() {
        let isDue = lastReaderCheck.withLock { last in
            let now = ContinuousClock.now
            guard now - last >= readerCheckInterval else { return false }
            last = now
            return true
        }
        if isDue { Index.forgetKilledReaders(environment) }
    }

    /// Runs `body`, and makes all that it wrote durable at once, or nothing of it.
    func write<Result>(_ body: (Writing) throws -> Result) throws -> Result {
        forgetKilledReadersIfDue()
        var transaction: OpaquePointer?
        try Index.check(mdb_txn_begin(environment, nil, 0, &transaction), "write")
        let result: Result
        do {
            result = try body(Writing(reading: Reading(transaction: transaction, tables: tables)))
        } catch {
            mdb_txn_abort(transaction)
            throw error
        }
        try Index.check(mdb_txn_commit(transaction), "write")
        return result
    }

    static func check(_ result: Int32, _ operation: String) throws(FerryError) {
        if result != 0 { throw failure(result, operation) }
    }

    static func failure(_ result: Int32, _ operation: String) -> FerryError {
        let isFull = result == ENOSPC || result == MDB_MAP_FULL
        return FerryError(
            isFull ? .stagingNoSpace : .stagingIndex,
            operation: operation,
            subject: "the index of the staging server",
            cause: String(cString: mdb_strerror(result)),
            advice: isFull
                ? "Free space under the data directory; agents wait and go on by themselves."
                : "Check the data directory and its disk.",
            retry: isFull ? .later : .permanent
        )
    }
}

/// One unchanging state of the index. Not to be kept beyond the call that hands it out.
struct Reading {
    fileprivate let transaction: OpaquePointer?
    fileprivate let tables: [MDB_dbi]

    fileprivate func handle(_ table: Index.Table) -> MDB_dbi {
        switch table {
        case .jobs: tables[0]
        case .volumes: tables[1]
        case .records: tables[2]
        case .chunks: tables[3]
        case .generations: tables[4]
        }
    }

    /// Goes on to the state that the index has now. Only for what `Index.read` hands out, and outside `value` and `scan`.
    func renew() throws(FerryError) {
        mdb_txn_reset(transaction)
        try Index.check(mdb_txn_renew(transaction), "read")
    }

    /// The value of `key`, valid within `body`; nil if there is none.
    func value<Result>(
        _ table: Index.Table,
        _ key: some ContiguousBytesKey,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result? {
        try key.withKeyBytes { bytes in
            var key = MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            var value = MDB_val()
            let result = mdb_get(transaction, handle(table), &key, &value)
            if result == MDB_NOTFOUND { return nil }
            try Index.check(result, "read")
            return try body(UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
        }
    }

    /// Goes through the entries from the first key not before `start`, in order, while `body` returns true.
    func scan(
        _ table: Index.Table,
        from start: [UInt8],
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        var cursor: OpaquePointer?
        try Index.check(mdb_cursor_open(transaction, handle(table), &cursor), "read")
        defer { mdb_cursor_close(cursor) }
        try start.withUnsafeBytes { bytes in
            var key = MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            var value = MDB_val()
            var result = mdb_cursor_get(cursor, &key, &value, bytes.isEmpty ? MDB_FIRST : MDB_SET_RANGE)
            while result == 0 {
                let goesOn = try body(
                    UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size),
                    UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
                )
                guard goesOn else { return }
                result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
            }
            if result != MDB_NOTFOUND { try Index.check(result, "read") }
        }
    }
}

/// A change of the index that is being made. Not to be kept beyond the call that hands it out.
struct Writing {
    /// The state so far.
    let reading: Reading

    /// Sets the value of `key`.
    func put(_ table: Index.Table, _ key: some ContiguousBytesKey, _ value: UnsafeRawBufferPointer) throws {
        try key.withKeyBytes { bytes in
            var key = MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            var value = MDB_val(mv_size: value.count, mv_data: UnsafeMutableRawPointer(mutating: value.baseAddress))
            try Index.check(mdb_put(reading.transaction, reading.handle(table), &key, &value, 0), "write")
        }
    }

    /// Sets the value of `key`.
    func put(_ table: Index.Table, _ key: some ContiguousBytesKey, _ value: [UInt8]) throws {
        try value.withUnsafeBytes { try put(table, key, $0) }
    }

    /// Takes out `key`, if it is there.
    func remove(_ table: Index.Table, _ key: some ContiguousBytesKey) throws {
        try key.withKeyBytes { bytes in
            var key = MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            let result = mdb_del(reading.transaction, reading.handle(table), &key, nil)
            if result != MDB_NOTFOUND { try Index.check(result, "write") }
        }
    }
}

/// What can be a key.
protocol ContiguousBytesKey {
    func withKeyBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

extension [UInt8]: ContiguousBytesKey {
    func withKeyBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(body)
    }
}

extension UInt64: ContiguousBytesKey {
    /// Big-endian, so that keys sort as numbers do.
    func withKeyBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: bigEndian, body)
    }
}
