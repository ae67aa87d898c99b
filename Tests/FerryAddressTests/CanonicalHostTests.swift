import FerryAddress
import Testing

@Suite struct CanonicalHostTests {
    @Test(arguments: [
        ("Staging.Example.", "staging.example"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%2", "fe80::1%2"), (".", "."),
    ])
    func whatIsCalledTheSameIsEqual(written: String, one: String) {
        #expect(CanonicalHost(written).description == one)
        #expect(CanonicalHost(written) == CanonicalHost(one))
    }

    @Test func otherHostsAreNot() {
        #expect(CanonicalHost("192.0.2.1") != CanonicalHost("192.0.2.10"))
        #expect(CanonicalHost("a.example") != CanonicalHost("b.example"))
        #expect(CanonicalHost("192.0.2.1").address != nil && CanonicalHost("a.example").address == nil)
    }
}
