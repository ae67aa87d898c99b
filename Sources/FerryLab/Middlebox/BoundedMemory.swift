/// What a middlebox remembers by key, of the last some thousand keys: a lab may be up for long, and spoken to by many.
struct BoundedMemory<Key: Hashable, Value> {
    private static var most: Int { 16_384 }
    private var values: [Key: Value] = [:]

    /// The value of `key`; setting one too many forgets an eighth of the others, whichever.
    subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            values[key] = newValue
            guard values.count > BoundedMemory.most else { return }
            for other in values.keys.prefix(BoundedMemory.most / 8) where other != key { values[other] = nil }
        }
    }

    subscript(key: Key, default value: Value) -> Value {
        get { self[key] ?? value }
        set { self[key] = newValue }
    }
}
