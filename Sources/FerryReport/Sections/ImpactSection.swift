internal import FerryCore

extension ReportWriter {
    /// Servers, bytes and hours.
    var impactSection: ReportDocument.Section? {
        let blocks: [ReportDocument.Block]
        if let began = impact.began, let seconds = impact.seconds {
            let bytes = "\(ByteCount(UInt64(clamping: impact.bytesAgain)))"
            blocks = [
                .facts([
                    (wording.servers, Line(wording.servers(impact.servers.count, of: impact.serversSeen))),
                    (wording.failures, Line(wording.failures(impact.failures, of: impact.failures + impact.successes))),
                    (wording.bytesAgain, Line(wording.bytesAgain(bytes, uncounted: impact.failuresWithoutCount))),
                    (
                        wording.cutOff,
                        Line(
                            wording.cutOff(
                                from: wording.time(began, isExact: false),
                                to: impact.recovered.map { wording.time($0, isExact: false) },
                                seconds
                            )
                        )
                    ),
                    (wording.serverHours, Line(wording.serverHours(impact.serverSeconds))),
                ])
            ]
        } else {
            blocks = [.paragraph(Line(wording.noEvents))]
        }
        return ReportDocument.Section(id: "impact", title: wording.impactTitle, blocks: blocks)
    }
}
