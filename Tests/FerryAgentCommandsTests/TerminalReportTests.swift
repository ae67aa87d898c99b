import FerryCore
import Testing

@testable import FerryAgentCommands

struct TerminalReportTests {
    @Test func barFillsWithWhatIsDone() {
        #expect(TerminalReport.bar(.zero, of: .mebibytes(100)) == "[....................]")
        #expect(TerminalReport.bar(.mebibytes(50), of: .mebibytes(100)) == "[##########..........]")
        #expect(TerminalReport.bar(.mebibytes(100), of: .mebibytes(100)) == "[####################]")
        #expect(TerminalReport.bar(.zero, of: .zero) == "[####################]")
    }

    @Test func barTakesNumbersOfAnySize() {
        let most = ByteCount(UInt64.max)
        #expect(TerminalReport.bar(most, of: .kibibytes(1)) == "[####################]")
        #expect(TerminalReport.bar(ByteCount(UInt64(1) << 63), of: most) == "[##########..........]")
    }
}
