/// Packets that are under way, each in a slot of memory, ordered by when they are due; of those due at the same time, in
/// the order they came. A binary heap; nothing is allocated after the start.
struct PacketStore: ~Copyable {
    /// Bytes of the longest packet.
    static let slotSize = 2048

    private struct Entry {
        var due: UInt64
        var order: UInt64
        var slot: UInt32
        var length: UInt32

        func comes(before other: Entry) -> Bool { due != other.due ? due < other.due : order < other.order }
    }

    private let memory: UnsafeMutableRawPointer
    private let entries: UnsafeMutablePointer<Entry>
    private let free: UnsafeMutablePointer<UInt32>
    private var freeCount: Int
    private var order: UInt64 = 0
    private(set) var count = 0

    /// A store for `capacity` packets.
    init(capacity: Int) {
        memory = .allocate(byteCount: capacity * PacketStore.slotSize, alignment: 64)
        entries = .allocate(capacity: capacity)
        free = .allocate(capacity: capacity)
        for slot in 0..<capacity { (free + slot).initialize(to: UInt32(capacity - 1 - slot)) }
        freeCount = capacity
    }

    deinit {
        memory.deallocate()
        entries.deallocate()
        free.deallocate()
    }

    /// A free slot, or nil; it is given back with `release` or kept with `insert`.
    mutating func take() -> UInt32? {
        guard freeCount > 0 else { return nil }
        freeCount -= 1
        return free[freeCount]
    }

    mutating func release(_ slot: UInt32) {
        free[freeCount] = slot
        freeCount += 1
    }

    /// The memory of a slot.
    func bytes(_ slot: UInt32) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
            start: memory + Int(slot) * PacketStore.slotSize,
            count: PacketStore.slotSize
        )
    }

    /// When the first packet is due.
    var nextDue: UInt64? { count > 0 ? entries[0].due : nil }

    mutating func insert(_ slot: UInt32, length: Int, due: UInt64) {
        let entry = Entry(due: due, order: order, slot: slot, length: UInt32(length))
        order += 1
        var place = count
        count += 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.comes(before: entries[parent]) else { break }
            entries[place] = entries[parent]
            place = parent
        }
        entries[place] = entry
    }

    /// Takes the first packet out, if it is due at `now`. Its slot is the caller's.
    mutating func next(dueAt now: UInt64) -> (slot: UInt32, length: Int)? {
        guard count > 0, entries[0].due <= now else { return nil }
        let first = entries[0]
        count -= 1
        let last = entries[count]
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < count else { break }
            if child + 1 < count, entries[child + 1].comes(before: entries[child]) { child += 1 }
            guard entries[child].comes(before: last) else { break }
            entries[place] = entries[child]
            place = child
        }
        if count > 0 { entries[place] = last }
        return (first.slot, Int(first.length))
    }
}
