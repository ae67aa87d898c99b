internal import FerryCore
internal import FerryEvidence

/// Says evidence in Chinese, by its kind and arguments; docs/manual/report.md lists them.
enum ChineseEvidence {
    /// Sentences about what was not done, which the engine has in English only.
    static let phrases = [
        "no second source address was granted": "没有第二个源地址可用", "a capture on the staging server": "在中转实例上抓包",
        "a vantage in the same cloud region": "在同一云地域设观测点", "ask provider for log": "请云平台提供日志",
    ]

    /// The sentence; nil for a kind, or arguments, that are not known here.
    static func sentence(_ evidence: DiagnosisDocument.Evidence, _ words: ChineseWording) -> String? {
        guard let kind = evidence.kind else { return nil }
        let arguments = evidence.arguments ?? []
        func argument(_ index: Int) -> String? {
            index < arguments.count && !arguments[index].isEmpty ? arguments[index] : nil
        }
        switch kind {
        case "outcome":
            guard let way = argument(0), let outcome = argument(1) else { return nil }
            return "\(way)：\(result(outcome, words))。"
        case "contrast":
            guard let factor = argument(0), let before = argument(1), let after = argument(2) else { return nil }
            let name = words.word(factor, .factor)
            guard name != factor else { return nil }
            let way = argument(3).map { "（\($0)）" } ?? ""
            return "只改变\(name)\(way)：由“\(result(before, words))”变为“\(result(after, words))”。"
        case "both-ends":
            guard let fact = argument(0), let text = bothEnds[fact] else { return nil }
            let place = argument(1).map { Site.Position(rawValue: $0).map(words.place) ?? $0 } ?? words.place(.service)
            return "\(place)观测：\(text)。"
        case "timing":
            guard let fact = argument(0), let text = timings[fact] else { return nil }
            let measured = argument(1).flatMap { Double($0) }.map { "实测 \(ReportWriter.milliseconds($0))" }
            let reference = argument(2).flatMap { Double($0) }.map { "参考 \(ReportWriter.milliseconds($0))" }
            let numbers = [measured, reference].compactMap(\.self)
            return numbers.isEmpty ? "\(text)。" : "\(text)（\(numbers.joined(separator: "，"))）。"
        case "history": return history(argument, words)
        case "provider-record": return argument(0).flatMap { providerRecords[$0] }
        case "monitor": return argument(0).map { $0 == "true" ? "失败时客户出口带宽已打满。" : "失败时客户出口带宽未打满。" }
        case "host", "handshake", "rate":
            guard let fact = argument(0), let text = facts["\(kind) \(fact) \(argument(1) ?? "true")"] else {
                return nil
            }
            return "\(text)。"
        case "ladder":
            guard let step = argument(0), let answer = argument(1).flatMap(LadderRecord.Step.Answer.init) else {
                return nil
            }
            let from = argument(2).map { "，来自 \($0)" } ?? ""
            return "TTL 阶梯在第 \(step) 跳：\(words.ladderAnswer(answer))\(from)。"
        default: return nil
        }
    }

    private static func result(_ outcome: String, _ words: ChineseWording) -> String {
        let text = words.word(outcome, .outcome)
        return text == outcome ? outcome : "\(text)（\(outcome)）"
    }

    private static func history(_ argument: (Int) -> String?, _ words: ChineseWording) -> String? {
        guard let all = argument(0), let worked = argument(1), let failed = argument(2) else { return nil }
        var text = "迁移日志中到可疑端点的 \(all) 次连接：成功 \(worked) 次，失败 \(failed) 次"
        func time(_ index: Int) -> String? {
            argument(index).map { text in UTCTime(parsing: text).map { words.time($0, isExact: false) } ?? text }
        }
        if let first = time(3), let last = time(4) { text += "；首次失败 \(first)，最近一次 \(last)" }
        if let outcome = argument(5) { text += "，表现为\(result(outcome, words))" }
        switch argument(6) {
        case "burst": text += "；首次失败前短时间内连接很多"
        case "volume": text += "；首次失败前传输量很大"
        case "quiet": text += "；首次失败前没有异常"
        default: break
        }
        return text + "。"
    }

    private static let bothEnds = [
        "request-seen": "收到了该连接的请求", "request-not-seen": "没有收到该连接的请求", "answer-seen": "看到了对该请求的应答",
        "answer-not-seen": "没有看到对该请求的应答", "server-nothing": "中转实例既未发送 RST 也未发送 FIN，而源端看到连接结束",
        "server-reset": "RST 由中转实例自己发出", "server-close": "FIN 由中转实例自己发出", "server-after-client": "中转实例在源端结束之后才结束连接",
        "both-told": "两端都收到了对方名义的结束报文，而两端都没有发送",
    ]

    private static let timings = [
        "handshake-short": "握手应答早于该主机可能的往返时间，应答者在更近处", "handshake-full": "握手时间与路径长度相符",
        "refused-fast": "拒绝早于该主机可能的往返时间",
        "refused-full": "拒绝时间与路径长度相符", "late-connect": "握手时间恰为丢失一次请求的时间",
    ]

    private static let providerRecords = [
        "blocksKey": "云平台记录中有该源地址到可疑端口的封禁。", "blocksSource": "云平台记录中有该源地址的整体封禁。", "scrubs": "云平台记录显示正在清洗到可疑地址的流量。",
        "blackHole": "云平台记录显示可疑地址处于黑洞中。", "nothing": "云平台记录完整，其中没有相关记录。", "nothingKnown": "云平台记录中没有相关记录，但记录不完整。",
    ]

    private static let facts = [
        "host listens true": "中转实例上有服务监听该端口", "host listens false": "中转实例上没有服务监听该端口",
        "host queue-overflows true": "服务的连接队列已满",
        "host queue-overflows false": "服务的连接队列有空位", "host route-back true": "中转实例有回程路由",
        "host route-back false": "中转实例没有回程路由",
        "host leaves-unread true": "服务没有读取收到的数据", "host leaves-unread false": "服务正常读取数据",
        "host ports-exhausted true": "源服务器到可疑端点已无可用本地端口", "host ports-exhausted false": "源服务器仍有可用本地端口",
        "host offers-ecn true": "源服务器的请求带 ECN", "host offers-ecn false": "源服务器的请求不带 ECN",
        "host owns-address true": "可疑地址确实在中转实例上", "host owns-address false": "可疑地址不在中转实例上",
        "host address-changes true": "同一连接的报文从多个地址发出", "host address-changes false": "同一连接的报文从同一地址发出",
        "handshake forged-end true": "结束报文是伪造的：其后对端仍在通信，或有多个猜测序号的报文", "handshake forged-end false": "结束报文没有伪造迹象",
        "handshake end-as-far true": "结束报文的 TTL 与对端应答一致", "handshake end-as-far false": "结束报文的 TTL 与对端应答不一致",
        "handshake challenged true": "首个请求被有意错误应答", "handshake challenged false": "首个请求得到正常应答",
        "handshake only-ecn-lost true": "带 ECN 的请求丢失，不带的得到应答", "handshake only-ecn-lost false": "丢失的请求没有特殊之处",
        "handshake lacks-window-scale true": "握手未协商窗口扩大", "handshake lacks-window-scale false": "握手协商了窗口扩大",
        "handshake lacks-sack true": "握手未协商选择确认", "handshake lacks-sack false": "握手协商了选择确认",
        "handshake short true": "握手由比该主机更近的设备应答", "handshake short false": "握手时间与路径长度相符",
        "rate loss none": "传输几乎不丢包", "rate loss light": "传输少量丢包", "rate loss heavy": "传输大量丢包",
        "rate round-trip-grows true": "负载下往返时间大幅增加", "rate round-trip-grows false": "负载下往返时间不变",
        "rate receiver-limits true": "传输受接收窗口限制", "rate receiver-limits false": "传输不受接收窗口限制",
        "rate reorders true": "报文乱序",
        "rate reorders false": "报文不乱序", "rate parallel-faster true": "多条连接同时传输明显更快",
        "rate parallel-faster false": "多条连接同时传输并不更快",
        "rate slower-cleaner true": "低速传输不丢包", "rate slower-cleaner false": "低速传输同样丢包",
    ]
}
