import FerryCore
import Testing

@Suite struct FNV1aTests {
    /// Values of the authors' own table (isthe.com/chongo/tech/comp/fnv).
    @Test(arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
    func hashesAsItsAuthorsDo(text: String, expected: String) {
        #expect(FNV1a(text).hexadecimal == expected)
        var pieces = FNV1a()
        for byte in text.utf8 { pieces.add(byte) }
        #expect(pieces.value == FNV1a(text).value)
    }

    @Test func digitsAreAlwaysSixteen() {
        for number in 0..<2000 { #expect(FNV1a("\(number)").hexadecimal.utf8.count == 16) }
    }
}
