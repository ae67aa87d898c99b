import FerryAddress
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::0:1", "2001:db8::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("fe80::1%7", "fe80::1%7"),
    ])
    func `an address is read and written in its one form`(text: String, form: String) {
        #expect(IPAddress(parsing: text)?.description == form)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "1..2.3", ":", ":::", "1:",
        ":1",
        "1::2::3", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::", "::+1",
        "::g", "fe80::1%", "fe80::1%no-such-interface", "%1", "::1%0",
    ])
    func `what is no address is refused`(text: String) {
        #expect(IPAddress(parsing: text) == nil)
    }

    @Test func `the interface of a link-local address may be named`() {
        #expect(IPAddress(parsing: "fe80::1%lo") == .v6(high: 0xFE80 << 48, low: 1, zone: 1))
    }

    @Test func `bytes are in network order and give the address back`() throws {
        let four = try #require(IPAddress(parsing: "192.0.2.1"))
        #expect(four.bytes == [192, 0, 2, 1])
        let six = try #require(IPAddress(parsing: "2001:db8::fe"))
        #expect(six.bytes == [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFE])
        #expect(IPAddress(bytes: six.bytes) == six)
        #expect(IPAddress(bytes: four.bytes) == four)
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }
}
