import FerryCore
import Testing

@Suite struct UTCTimeTests {
    @Test func timeIsWrittenAsRFC3339() {
        #expect(UTCTime(microseconds: 0).description == "1970-01-01T00:00:00.000000Z")
        #expect(UTCTime(microseconds: 1_528_898_400_000_001).description == "2018-06-13T14:00:00.000001Z")
        #expect(UTCTime(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
    }

    @Test func noNumberIsTooLargeOrTooSmallToBeWritten() {
        for microseconds in [Int64.min, .min + 1, .max] {
            #expect(UTCTime(microseconds: microseconds).description.hasSuffix("Z"))
        }
    }

    @Test func whatIsWrittenIsReadBack() {
        for microseconds in [0, 951_827_696_123_456, 4_102_444_799_999_999] as [Int64] {
            let time = UTCTime(microseconds: microseconds)
            #expect(UTCTime(parsing: time.description) == time)
        }
        #expect(UTCTime(parsing: "2018-06-13T14:00:00Z")?.microseconds == 1_528_898_400_000_000)
        for text in ["", "2018-06-13", "2018-06-13T14:00:00", "2018-13-13T14:00:00Z", "2018-06-13T14:00:00.Z"] {
            #expect(UTCTime(parsing: text) == nil)
        }
    }
}
