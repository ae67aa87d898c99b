internal import CLMDB
internal import FerryCore

extension Index {
    /// Whether `error` says that the environment takes no transaction any more: LMDB could not write its meta page, and
    /// only opening it anew tells what is in it.
    static func isDead(_ error: FerryError) -> Bool {
        error.code == .stagingIndex && error.cause == String(cString: mdb_strerror(MDB_PANIC))
    }
}
