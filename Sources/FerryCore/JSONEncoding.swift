extension JSONValue {
    /// What `value` encodes itself as. Members that are nil are left out.
    ///
    /// Foundation's encoder would do the same; the agent has no Foundation.
    public init(encoding value: some Encodable) {
        let cell = JSONCell()
        // The only thing that fails is a value whose own `encode` throws, and Ferry has none.
        do { try value.encode(to: JSONValueEncoder(cell: cell, codingPath: [])) } catch { cell.value = .null }
        self = cell.resolved
    }
}

/// A place in the tree that is being built; containers are classes in `Encoder`'s contract: they are written to after they
/// were handed out.
final class JSONCell {
    var value: JSONValue = .null
    var members: [(name: String, cell: JSONCell)]?
    var elements: [JSONCell]?

    var resolved: JSONValue {
        if let members { return .object(members.map { JSONValue.Member($0.name, $0.cell.resolved) }) }
        if let elements { return .array(elements.map(\.resolved)) }
        return value
    }

    func member(_ name: String) -> JSONCell {
        let cell = JSONCell()
        members = members ?? []
        members?.append((name, cell))
        return cell
    }

    func element() -> JSONCell {
        let cell = JSONCell()
        elements = elements ?? []
        elements?.append(cell)
        return cell
    }
}

struct JSONValueEncoder: Encoder {
    let cell: JSONCell
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        cell.members = cell.members ?? []
        return KeyedEncodingContainer(JSONKeyedEncoding<Key>(cell: cell, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        cell.elements = cell.elements ?? []
        return JSONUnkeyedEncoding(cell: cell, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSingleEncoding(cell: cell, codingPath: codingPath)
    }
}

private func encode(_ value: some Encodable, into cell: JSONCell, _ path: [any CodingKey]) throws {
    switch value {
    case let value as Bool: cell.value = .flag(value)
    case let value as String: cell.value = .text(value)
    case let value as Double: cell.value = .number(value)
    case let value as any BinaryInteger:
        cell.value = Int64(exactly: value).map { .integer($0) } ?? .number(Double(value))
    default: try value.encode(to: JSONValueEncoder(cell: cell, codingPath: path))
    }
}

private struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let cell: JSONCell
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) throws { _ = cell.member(key.stringValue) }
    func encode(_ value: some Encodable, forKey key: Key) throws {
        try FerryCore.encode(value, into: cell.member(key.stringValue), codingPath + [key])
    }
    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        JSONValueEncoder(cell: cell.member(key.stringValue), codingPath: codingPath + [key]).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONValueEncoder(cell: cell.member(key.stringValue), codingPath: codingPath + [key]).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { JSONValueEncoder(cell: cell.member("super"), codingPath: codingPath) }
    func superEncoder(forKey key: Key) -> any Encoder {
        JSONValueEncoder(cell: cell.member(key.stringValue), codingPath: codingPath + [key])
    }
}

private struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let cell: JSONCell
    let codingPath: [any CodingKey]
    var count: Int { cell.elements?.count ?? 0 }

    func encodeNil() throws { _ = cell.element() }
    func encode(_ value: some Encodable) throws { try FerryCore.encode(value, into: cell.element(), codingPath) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        JSONValueEncoder(cell: cell.element(), codingPath: codingPath).container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        JSONValueEncoder(cell: cell.element(), codingPath: codingPath).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { JSONValueEncoder(cell: cell.element(), codingPath: codingPath) }
}

private struct JSONSingleEncoding: SingleValueEncodingContainer {
    let cell: JSONCell
    let codingPath: [any CodingKey]

    func encodeNil() throws { cell.value = .null }
    func encode(_ value: some Encodable) throws { try FerryCore.encode(value, into: cell, codingPath) }
}
