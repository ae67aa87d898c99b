internal import FerryAddress
internal import FerryEvidence

/// A ticket in Chinese, with the facts of the English one: whoever gets it sees nothing else of the incident.
struct ChineseTicket {
    let facts: TicketFacts
    let words: ChineseWording

    private var verdict: DiagnosisDocument.Verdict { facts.verdict }
    private var suspect: String { facts.suspect ?? "中转实例" }
    private var from: String {
        guard !facts.sources.isEmpty else { return "故障源地址" }
        let own = facts.sources.joined(separator: "、")
        // The mover's log may know more than the diagnosis.
        let isHidden = facts.sources.allSatisfy { IPAddress(parsing: $0)?.isPrivate ?? false }
        return facts.ticket.hidesSource == true && isHidden ? "【\(own) 对外的公网地址：本次未测得，请填写】" : own
    }

    private var destination: String {
        guard let hosts = facts.ticket.failedHosts?.joined(separator: "、") else { return suspect }
        let port = verdict.selector.contains("destination-port") ? facts.port.map { "的 \($0) 端口" } ?? "" : ""
        return "所有目的地址\(port)（已见于 \(hosts)）"
    }

    var text: String {
        var parts = [symptom, (finding + circumstances + [request]).joined(separator: "\n")]
        func add(_ title: String, _ lines: [String]) {
            if !lines.isEmpty { parts.append(([title] + lines.map { "  \($0)" }).joined(separator: "\n")) }
        }
        add("不通的通路：", facts.blocked)
        add("主要证据：", facts.evidence)
        add("失败的连接（五元组，时间为 UTC）：", facts.tuples.map(\.text))
        add("同一时间正常的连接：", facts.counterexamples.map(\.text))
        return parts.joined(separator: "\n\n")
    }

    private var symptom: String {
        let since = facts.began.map { "自 \($0) 起，" } ?? ""
        let source = facts.sources.isEmpty ? "从\(from)" : "从 \(from) "
        let isSlow = ["rate", "loss", "delay"].contains(verdict.mechanism) && facts.undecided.isEmpty
        let state =
            isSlow
            ? "缓慢或丢包"
            : facts.ticket.harmsNothing == true
                ? "正常，所述问题未影响任何已尝试的连接" : facts.ticket.worksAgain == true ? "曾失败，最近一次尝试已正常" : "失败"
        let servers = facts.servers > 0 ? "受影响的源服务器 \(facts.servers) 台。" : ""
        return "\(since)\(source)到 \(suspect)（TCP）的连接\(state)。\(servers)"
    }

    private var finding: [String] {
        let share = ReportWriter.percent(verdict.confidence)
        guard !facts.undecided.isEmpty else {
            let causes = verdict.causes.map { words.word($0, .cause) }.joined(separator: "；同时：")
            return ["判断（\(words.level(verdict.level))，\(share)）：\(causes)"]
        }
        return ["判断：以下原因之一，在此处无法区分（合计 \(share)）："] + facts.undecided.map(line(of:))
    }

    private func line(of one: UndecidedCause) -> String {
        let share = one.probability.map { "\(ReportWriter.percent($0))  " } ?? ""
        let remedy = one.remedy.map { "：\(words.word($0, .remedy))" } ?? ""
        return "  \(share)\(words.word(one.cause, .cause))\(remedy)"
    }

    private var circumstances: [String] {
        let isDecided = facts.undecided.isEmpty
        let places = verdict.loci.map { Site.Position(rawValue: $0).map(words.place) ?? $0 }
        var lines: [String] = []
        if !places.isEmpty { lines.append("\(isDecided ? "故障位置" : "可能的故障位置")：\(words.list(places))") }
        if let speaker = facts.speaker { lines.append("结束报文的来处：\(speaker)") }
        if isDecided, !verdict.selector.isEmpty {
            lines.append("匹配条件：\(words.list(verdict.selector.map { words.word($0, .selector) }))")
        }
        if facts.ticket.lacksService == true { lines.append("另外：中转实例上没有服务监听该端口，还需启动服务。") }
        if let rate = facts.rate { lines.append("实测速率：\(words.rate(rate))") }
        if !facts.separators.isEmpty { lines.append("区分办法：\(facts.separators.joined(separator: "；"))") }
        return lines
    }

    private var request: String {
        let sentence = ChineseRequest.sentence(verdict.remedy, from: from, to: destination)
        guard facts.undecided.isEmpty else {
            let first = facts.undecided.first.map { words.word($0.cause, .cause) } ?? ""
            let rest = sentence.map { "若是“\(first)”：\($0)" } ?? ""
            return "请求：请根据贵方该时段的记录和计数，查明是其中哪一个原因。\(rest)"
        }
        return "请求：\(sentence ?? words.word(verdict.remedy, .remedy) + "。")"
    }
}
