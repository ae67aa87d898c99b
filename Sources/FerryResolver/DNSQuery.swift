internal import FerryAddress
internal import FerryCore
internal import Glibc

/// The two kinds of records that hold addresses.
enum AddressFamily: UInt16, CaseIterable {
    case a = 1
    case aaaa = 28
}

/// One question to a name server, as it travels (RFC 1035 section 4).
struct DNSQuery {
    let id: UInt16
    let name: DomainName
    let family: AddressFamily

    /// Recursion desired, one question in class IN.
    var bytes: [UInt8] {
        [UInt8(id >> 8), UInt8(truncatingIfNeeded: id), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]
            + name.wire + [0, UInt8(family.rawValue), 0, 1]
    }
}

/// Numbers that a stranger cannot guess, so that he cannot answer in a name server's place.
enum QueryID {
    /// A number from the kernel's generator.
    ///
    /// /proc is the one file system the agent always has. The standard library's generator ends the program on a
    /// kernel without getrandom(2), before 3.17, where there is no /dev/urandom either; so it comes second.
    static func random() -> UInt16 {
        if let text = SystemFile.text("/proc/sys/kernel/random/uuid", below: ""),
            let number = UInt16(text.prefix(4), radix: 16)
        {
            return number
        }
        return UInt16.random(in: 0...UInt16.max)
    }
}
