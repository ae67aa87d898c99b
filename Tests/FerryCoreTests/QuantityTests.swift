import FerryCore
import Testing

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("64MiB", 67_108_864), ("4 KiB", 4096), ("1.5GiB", 1_610_612_736), ("512B", 512), ("2MB", 2_000_000),
        ] as [(String, UInt64)]
    )
    func sizeWithItsUnitIsRead(text: String, bytes: UInt64) throws {
        #expect(try ByteCount(parsing: text).bytes == bytes)
    }

    @Test(arguments: ["64", "", "MiB", "-1MiB", "1e3MiB", "64mib", "NaNMiB", "99999999TiB", "1.2.3MiB"])
    func sizeWithoutSenseIsRefused(text: String) {
        #expect(throws: FerryError.self) { try ByteCount(parsing: text) }
    }

    @Test func rateIsReadInBitsOnly() throws {
        #expect(try BitRate(parsing: "20Mbit/s").bitsPerSecond == 20_000_000)
        #expect(try BitRate(parsing: "1.5 Gbit/s").bitsPerSecond == 1_500_000_000)
        for text in ["20", "20MB/s", "20M", "0Mbit/s", "1kbit/s", "999Gbit/s", "-5Mbit/s", "20 Mbps"] {
            #expect(throws: FerryError.self) { try BitRate(parsing: text) }
        }
    }

    @Test func everyNumberShownHasItsUnit() {
        #expect(ByteCount(0 as UInt64).description == "0 B")
        #expect(ByteCount.mebibytes(1536).description == "1.5 GiB")
        #expect(ByteCount(1023 as UInt64).description == "1023 B")
        #expect(BitRate.megabits(20).description == "20 Mbit/s")
    }
}
