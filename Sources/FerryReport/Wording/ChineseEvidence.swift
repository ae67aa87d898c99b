internal import FerryCore
internal import FerryEvidence

/// Says evidence in Chinese, by its kind and arguments; docs/manual/report.md lists them.
enum ChineseEvidence {
    /// Sentences about what was not done, which a diagnosis has in English.
    static let phrases = [
        "no second source address was granted": "没有第二个源地址可用",
        "no provider records were granted, and no rate test was made near a scrubbing threshold":
            "没有云平台记录，也未在清洗阈值附近做速率测试",
        "no vantage on the staging server was granted": "中转实例上没有观测点",
        "no content was sent: it is not known what the suspect takes, so that what shows only under load is open":
            "未发送内容：不知道目的服务接受什么，仅在负载下才会出现的问题未排除",
        "no rate test was allowed: content was sent slowly only, or not at all": "不允许速率测试：内容只以低速发送，或未发送",
        "little content was sent: no declared end takes more from somebody it does not know":
            "只发送了少量内容：已声明的端点都不接受陌生方更多的数据",
        "much content can be sent to other ends only: the suspect takes no more of a stranger":
            "大量内容只能发往其他端点：可疑端点不接受陌生方更多的数据",
        "no destination in another cloud was named": "未给出其他云中的目的",
        "a rate test was not allowed": "不允许速率测试", "a capture on the staging server": "在中转实例上抓包",
        "a service at the suspect's host that works (controls): it shows whether it is about the port":
            "可疑主机上一个正常的服务（controls）：可看到是否只与该端口有关",
        "a capture on the staging server (a vantage there, tier 2): it shows whether requests arrive, and who ends connections":
            "在中转实例上设观测点（2 级）：可看到请求是否到达、由谁结束连接",
        "a second source address of the site: it shows whether the block is about the address":
            "使用站点的第二个源地址：可看到封禁是否针对该地址",
        "a vantage at the customer's outermost device: it shows whether requests leave the site":
            "在客户最外侧设备上设观测点：可看到请求是否离开客户网络",
        "a vantage in the cloud's region: it parts the cloud's edge from its network": "在云地域内设观测点：可区分云边界与云内网络",
        "a destination in another cloud at the same port: it parts the carrier from the cloud":
            "在其他云中使用同一端口的目的：可区分运营商与云",
        "leave to keep silent for some minutes (allow: silence): limits of rate give way to it, blocks do not":
            "允许静默数分钟（allow: silence）：速率限制会随之恢复，封禁则不会",
        "leave to send at full rate (allow: rate-test): it shows what is lost, and from which rate on":
            "允许全速发送（allow: rate-test）：可看到丢了多少、从什么速率开始",
        "nothing more that a site file can grant: ask the owners of both for what their devices have counted":
            "站点文件已无可再提供：请双方的负责人提供各自设备的计数",
        "the provider's block and scrubbing records (tier 3)": "云平台的封禁与清洗记录（3 级）",
    ]

    /// The sentence; nil for a kind, or arguments, that are not known here.
    static func sentence(_ evidence: DiagnosisDocument.Evidence, _ words: ChineseWording) -> String? {
        guard let kind = evidence.kind else { return nil }
        let arguments = evidence.arguments ?? []
        func argument(_ index: Int) -> String? {
            index < arguments.count && !arguments[index].isEmpty ? arguments[index] : nil
        }
        guard let first = argument(0) else { return nil }
        switch (kind, first) {
        case ("history", "onset"): return onsets[argument(1) ?? ""].map { "\($0)。" }
        case ("history", "nothing-has-failed"):
            return arguments.dropFirst().first == "false" ? "迁移连接有失败记录。" : "迁移连接没有失败过。"
        case ("history", _): return history(argument, words)
        case ("provider-record", "allowlisted"), ("provider-record", "allowlisted-from"),
            ("provider-record", "allowlisted-since"):
            return allowlist(first, argument, words)
        case ("provider-record", _): return providerRecords[first]
        case ("confirmation", "too-little"): return "对端只接收了少量内容，无法判断处理是否有效，请一分钟后再试。"
        case ("confirmation", "not-sent"): return "未能发起连接，无法判断处理是否有效，请一分钟后再试。"
        case ("confirmation", "unknown"): return "对照连接也失败，无法判断处理是否有效。"
        case ("confirmation", _):
            return first == "true"
                ? "处理后，原先失败的连接已恢复正常。" : argument(1).map { "处理后，原先失败的连接仍然失败：\(result($0, words))。" }
        case ("capture", _):
            guard let failed = argument(1), let forged = argument(2) else { return nil }
            if first == "0" { return "抓包中没有到可疑端点的连接：请在故障发生时于源端抓包。" }
            let all = "抓包中有 \(first) 条到目的的连接，其中 \(failed) 条失败"
            return all + (forged == "0" ? "。" : "；\(forged) 条的结束报文不可能由对端主机自身发出。")
        case ("unreadable", _):
            let sources = ["the uplink's monitor": "出口监控", "the records": "诊断记录"]
            return "\(sources[argument(1) ?? ""] ?? "迁移日志")中有 \(first) 行无法读取，已略过。"
        case ("cut-capture", _): return "抓包文件未能读完，已读部分仍然有效：\(first)。"
        case ("provider-time", _):
            return argument(1).map { "云平台记录中 \(first) 的值“\($0)”不是时间，已略过。请写作 2026-01-31T12:00:00Z。" }
        case ("provider-unread", _):
            return
                "云平台记录中的“\(first)”\(argument(1).flatMap(Int.init).map { $0 > 1 ? "等 \($0) 项" : "" } ?? "")无法识别，因此其中没有的内容不能视为不存在。格式见 docs/specs/diagnosis.md。"
        case ("hypotheses", _):
            guard let own = argument(1) else { return nil }
            return "记录由另一套假设（\(first)）产生，本程序使用的是 \(own)，结论可能不同。"
        case ("declared-suspect", _): return "站点文件声明为其他目的的 \(first) 就是可疑端点所在主机，未与其比较。请给出位于别处的端点。"
        case ("declared-end", _): return "站点文件中声明的 \(first) 一次也没有成功：或与可疑端点受同一故障影响，或该处无服务应答。请给出可用的端点。"
        case ("clock", _):
            guard let amount = argument(1) else { return nil }
            return "观测点 \(first) 的时钟\(argument(2) == "behind" ? "慢" : "快") \(amount) 秒，其时间已按本机时钟更正。"
        case ("watch", _): return watch(first, argument)
        case ("vantage", _): return argument(1).map { "观测点 \(first) 未能完成探测：\($0)。" }
        case ("declared-protocol", _):
            guard let speaks = argument(1), let words = argument(2) else { return nil }
            return "\(first) 应答的并非 \(speaks) 协议（“\(words)”）：或是另一个服务，或站点文件中的协议有误，请更正 protocol。"
        case ("other-addresses", _):
            guard let asked = argument(1), let others = argument(2) else { return nil }
            return "域名 \(first) 解析到多个地址，只探测了 \(asked)，\(others) 的情况未知。若迁移可能使用其他地址，请分别按地址诊断。"
        case ("vantage-beside", _):
            guard let position = argument(1), let address = argument(2) else { return nil }
            return "观测点 \(first) 声明为 \(position)，其地址 \(address) 却与源服务器同属一个私有网段，出口地址可能相同，结果仅供参考。请更正其位置或另选观测点。"
        case ("guards", _):
            guard let connects = argument(1), let afterKill = argument(2) else { return nil }
            return
                "站点文件放宽了防护限制，探测可能使封禁延续：到可疑端点的连接间隔 \(first) 秒（默认 60 秒），十分钟内至多 \(connects) 次（默认 4 次），连接被切断后等待 \(afterKill) 秒（默认 120 秒）。"
        case ("monitor", _): return first == "true" ? "失败时客户出口带宽已打满。" : "失败时客户出口带宽未打满。"
        case ("ladder", _):
            guard let answer = argument(1).flatMap(LadderRecord.Step.Answer.init) else { return nil }
            let from = argument(2).map { "，来自 \($0)" } ?? ""
            return "TTL 阶梯在第 \(first) 跳：\(words.ladderAnswer(answer))\(from)。"
        case ("speaker", _): return ChineseSpeaker.sentence(arguments)
        case (_, "outcome"):
            guard let outcome = argument(1), let way = argument(2).flatMap({ contact($0, words) }) else { return nil }
            return "\(way)的连接：\(result(outcome, words))。"
        case (_, "request-seen"), (_, "answer-seen"):
            guard let seen = argument(1), let place = argument(3) else { return nil }
            let what = first == "request-seen" ? "该连接的请求" : "对该请求的应答"
            if place == Site.Position.sourceHost.rawValue {
                return first == "request-seen"
                    ? "该连接的请求\(seen == "true" ? "已从发起主机的网卡发出" : "没有离开发起主机")。"
                    : "发起主机的网卡\(seen == "true" ? "收到了应答，但被本机丢弃" : "没有收到应答")。"
            }
            let position = Site.Position(rawValue: place).map(words.place) ?? place
            return "在\(position)\(seen == "true" ? "看到了" : "没有看到")\(what)。"
        default: return facts["\(first) \(argument(1) ?? "")"].map { "\($0)。" }
        }
    }

    /// A connection by its words: where from, by which address, where to, at which port, and what was particular.
    private static func contact(_ text: String, _ words: ChineseWording) -> String? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count >= 4 else { return nil }
        let position = Site.Position(rawValue: parts[0]).map(words.place) ?? parts[0]
        var says = ""
        switch parts[1] {
        case "failing": says += "从故障处"
        case "other-address": says += "从另一源地址"
        default:
            let number = parts[1].hasPrefix("vantage-") ? parts[1].dropFirst("vantage-".count) : parts[1][...]
            says += "从\(position)（观测点 \(number)）"
        }
        switch parts[2] {
        case "suspect-host": says += "到可疑主机"
        case "same-region": says += "到同地域另一主机"
        case "other-cloud": says += "到其他云"
        case "unrelated": says += "到无关主机"
        default: return nil
        }
        says += parts[3] == "suspect-port" ? "可疑端口" : " \(parts[3]) 端口"
        var particulars: [String] = []
        for part in parts.dropFirst(4) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair.first ?? "", pair.count > 1 ? pair[1] : "") {
            case ("idle", let seconds): particulars.append("其间静默 \(seconds) 秒")
            case ("bytes", let bytes): particulars.append("传输 \(bytes) 字节")
            case ("content", "real"): particulars.append("真实内容")
            case ("content", "inverted"): particulars.append("取反内容")
            case ("content", _): particulars.append("随机内容")
            case ("small-segments", _): particulars.append("小报文段")
            default: continue
            }
        }
        return particulars.isEmpty ? says : "\(says)（\(particulars.joined(separator: "，"))）"
    }

    private static func watch(_ vantage: String, _ argument: (Int) -> String?) -> String? {
        guard let what = argument(2) else { return nil }
        switch argument(1) {
        case "not-begun": return "观测点 \(vantage) 无法观测经过的报文，此后不再要求它观测：\(what)。"
        case "blind": return "观测点 \(vantage) 没有看到一条已成功的连接（\(what)），因此它没有看到其他连接不能说明问题。请将它放在连接经过之处。"
        default: return nil
        }
    }

    private static func result(_ outcome: String, _ words: ChineseWording) -> String {
        let text = words.word(outcome, .outcome)
        return text == outcome ? outcome : "\(text)（\(outcome)）"
    }

    private static func allowlist(_ word: String, _ argument: (Int) -> String?, _ words: ChineseWording) -> String? {
        func time(_ index: Int) -> String? {
            argument(index).flatMap { UTCTime(parsing: $0) }.map { words.time($0, isExact: false) }
        }
        guard let source = argument(1), let since = time(2) else { return nil }
        switch word {
        case "allowlisted": return "云平台白名单自 \(since) 起包含故障源地址 \(source)，失败时应已放行。"
        case "allowlisted-from":
            return time(3).map { "云平台白名单自 \(since) 起包含 \(source)，最迟 \($0) 生效；此前的失败不能说明问题。" }
        default: return "云平台白名单自 \(since) 起包含 \(source)，生效后没有再出现失败；此前的失败可能是封禁所致。"
        }
    }

    private static func history(_ argument: (Int) -> String?, _ words: ChineseWording) -> String? {
        guard let all = argument(0), let worked = argument(1), let failed = argument(2) else { return nil }
        var text = "迁移日志中到可疑端点的 \(all) 次连接：成功 \(worked) 次，失败 \(failed) 次"
        func time(_ index: Int) -> String? {
            argument(index).map { text in UTCTime(parsing: text).map { words.time($0, isExact: false) } ?? text }
        }
        if let first = time(3), let last = time(4) { text += "；首次失败 \(first)，最近一次 \(last)" }
        if let outcome = argument(5) { text += "，表现为\(result(outcome, words))" }
        if let onset = argument(6).flatMap({ onsets[$0] }) { text += "；\(onset)" }
        return text + "。"
    }

    private static let onsets = [
        "burst": "首次失败前短时间内连接很多", "volume": "首次失败前传输量很大", "quiet": "首次失败前没有异常",
    ]

    private static let providerRecords = [
        "blocksKey": "云平台记录中有到可疑端口的封禁。", "blocksSource": "云平台记录中有对源地址的整体封禁。",
        "blocksSomebody": "云平台记录中有到可疑端口的封禁，是否针对故障源地址尚不清楚。", "scrubs": "云平台记录显示正在清洗到可疑地址的流量。",
        "blackHole": "云平台记录显示可疑地址处于黑洞中。", "nothing": "云平台记录完整，其中没有相关记录。", "nothingKnown": "云平台记录中没有相关记录，但记录不完整。",
        "outdated": "云平台记录中没有相关记录，但记录早于故障发生的时间。",
    ]

    private static let facts = [
        "server-ended nothing": "中转实例既未发送 RST 也未发送 FIN，而源端看到连接结束", "server-ended reset": "RST 由中转实例自己发出",
        "server-ended close": "FIN 由中转实例自己发出", "server-ended afterClient": "中转实例在源端结束之后才结束连接",
        "end-is-forged true": "结束报文是伪造的：其后对端仍在通信，或有多个猜测序号的报文", "end-is-forged false": "结束报文没有伪造迹象",
        "end-comes-from-as-far true": "结束报文的 TTL 与对端应答一致", "end-comes-from-as-far false": "结束报文的 TTL 与对端应答不一致",
        "rejecter host": "ICMP 差错由目的主机自己发出", "rejecter nearby": "ICMP 差错来自源端附近，早于目的主机可能的应答",
        "rejecter faraway": "ICMP 差错来自路径远端", "icmp-says prohibited": "ICMP 差错的内容是“禁止通信”，由过滤设备发出",
        "icmp-says port-unreachable": "ICMP 差错的内容是“端口不可达”：过滤设备会这样回应，而关闭的端口回应 RST",
        "icmp-says unreachable": "ICMP 差错的内容是“网络或主机不可达”，由路由器发出",
        "icmp-says time-exceeded": "ICMP 差错的内容是“生存时间耗尽”：报文在路由器之间循环",
        "refusal-names-limit true": "服务拒绝时提到连接数上限",
        "refusal-names-limit false": "服务拒绝时没有提到连接数上限",
        "speaks-another true": "应答方使用的协议与可疑服务不同",
        "handshake-is-short true": "握手由比该主机更近的设备应答", "handshake-is-short false": "握手时间与路径长度相符",
        "is-challenged true": "首个请求被有意错误应答", "is-challenged false": "首个请求没有被有意错误应答",
        "only-ecn-is-lost true": "带 ECN 的请求丢失，不带的得到应答",
        "only-ecn-is-lost false": "丢失的请求没有特殊之处", "lacks-window-scale true": "握手未协商窗口扩大",
        "lacks-window-scale false": "握手协商了窗口扩大",
        "lacks-sack true": "握手未协商选择确认", "lacks-sack false": "握手协商了选择确认", "loss none": "传输丢包不足 0.3%",
        "loss light": "传输丢包不超过 1.9%",
        "loss heavy": "传输丢包不超过 8%", "loss severe": "传输丢包超过 8%", "round-trip-grows true": "负载下往返时间大幅增加",
        "round-trip-grows false": "负载下往返时间不变",
        "receiver-limits true": "传输受接收窗口限制", "receiver-limits false": "传输不受接收窗口限制", "reorders true": "报文乱序",
        "reorders false": "报文不乱序",
        "controls-disagree true": "对照连接前后结果不一致", "controls-disagree false": "对照连接前后结果一致",
        "listens true": "中转实例上有服务监听该端口", "listens false": "中转实例上没有服务监听该端口",
        "queue-overflows true": "服务的连接队列已满", "queue-overflows false": "服务的连接队列有空位", "has-route-back true": "中转实例有回程路由",
        "has-route-back false": "中转实例没有回程路由", "leaves-unread true": "服务没有读取收到的数据", "leaves-unread false": "服务正常读取数据",
        "ports-are-exhausted true": "源服务器到可疑端点已无可用本地端口", "ports-are-exhausted false": "源服务器仍有可用本地端口",
        "offers-ecn true": "源服务器的请求带 ECN", "offers-ecn false": "源服务器的请求不带 ECN",
        "owns-suspect-address true": "可疑地址确实在中转实例上",
        "owns-suspect-address false": "可疑地址不在中转实例上", "name leadsElsewhere": "在失败处，目的域名解析到的地址与其他观测点均不同",
        "name leadsTheSameWay": "失败处与其他观测点对目的域名的解析一致", "name leadsNowhere": "在失败处无法解析目的域名",
        "address-changes true": "同一连接的报文从多个地址发出",
        "address-changes false": "同一连接的报文从同一地址发出",
    ]
}
