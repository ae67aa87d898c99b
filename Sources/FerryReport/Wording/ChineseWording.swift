internal import FerryCore
internal import FerryEvidence

/// A report in Chinese, the language of the people who wrote such reports by hand.
struct ChineseWording: Wording {
    let tag = "zh-CN"

    func word(_ word: String, _ vocabulary: Vocabulary) -> String { ChineseVocabulary.words[vocabulary]?[word] ?? word }

    func place(_ position: Site.Position) -> String {
        switch position {
        case .application: "应用程序"
        case .sourceHost: "源服务器"
        case .sourceLAN: "客户内网"
        case .sourceFirewall: "客户防火墙"
        case .sourceEgress: "客户出口"
        case .carrier: "运营商"
        case .transit: "骨干网"
        case .cloudEdge: "云边界"
        case .cloudNetwork: "云内网络"
        case .service: "中转实例"
        case .otherPublic: "其他公网位置"
        }
    }

    func level(_ level: DiagnosisDocument.Level) -> String {
        switch level {
        case .confirmed: "已确认"
        case .veryLikely: "极有可能"
        case .likely: "较有可能"
        case .indistinguishable: "在此处无法区分"
        case .noVerdict: "无结论"
        }
    }

    func time(_ time: UTCTime, isExact: Bool) -> String {
        let text = "\(time)"
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(isExact ? 12 : 8)) UTC"
    }

    func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e12).rounded())
        if whole < 60 { return "\(whole) 秒" }
        if whole < 3600 { return "\(whole / 60) 分 \(whole % 60) 秒" }
        if whole < 86400 { return "\(whole / 3600) 小时 \(whole / 60 % 60) 分" }
        return "\(whole / 86400) 天 \(whole / 3600 % 24) 小时"
    }

    func list(_ items: [String]) -> String { items.joined(separator: "、") }
    func more(_ count: Int) -> String { "另有 \(count) 个" }
    let colon = "："
    let semicolon = "；"
    let worked = "成功"
    let failed = "失败"
    let probes = "探测"
    let unknown = "未知"
    let faultHere = "故障在此"
    let faultPerhapsHere = "故障可能在此"
    let diagnosisRan = "诊断期间"
    func otherServers(_ count: Int) -> String { "其余 \(count) 台服务器" }
    func mostRate(_ rate: String) -> String { "线路最高速率 \(rate)。" }
    func relation(_ relation: Site.Relation) -> String {
        switch relation {
        case .sameRegion: "同地域"
        case .otherCloud: "其他云"
        case .unrelated: "无关目的"
        }
    }
    let control = "对照"
    func called(_ end: String, _ what: String) -> String { "\(end)（\(what)）" }
    let suspect = "可疑端点"
    let alternatePort = "其他端口"

    func title(_ suspect: String?, isFault: Bool) -> String {
        let end = suspect.map { "到 \($0) 的" } ?? ""
        return isFault ? "故障报告：\(end)连接异常" : "诊断报告：\(end)连接正常"
    }
    let contents = "目录"
    func footer(_ schema: String) -> String { "由 ferry report 根据 \(schema) 生成。所有时间均为 UTC。生成报告时未访问网络。" }
    let interrupted = "已中断"
    let interruptedAdvice = "诊断在得出可靠结论之前被中断，以下仅为当时已知的情况。可继续诊断：ferry diagnose --continue，后接该故障目录。"
    let diagnosed = "诊断时间"
    func fromTo(_ from: String, _ to: String) -> String { "\(from) 至 \(to)" }
    let tier = "诊断权限"
    func tier(_ tier: Int) -> String {
        switch tier {
        case 0: "0 级：无特权"
        case 1: "1 级：可在源端抓包"
        case 2: "2 级：中转侧有观测点"
        default: "\(tier) 级：有云平台记录"
        }
    }
    let cost = "诊断开销"
    func cost(_ cost: DiagnosisDocument.Cost) -> String {
        "到可疑端点 \(cost.suspectConnects) 次连接，历时 \(duration(cost.seconds))，\(ByteCount(UInt64(clamping: cost.bytes)))"
    }

    func answer(causes: [String], places: [String], _ verdict: DiagnosisDocument.Verdict) -> String {
        if verdict.causes == ["none"] {
            return verdict.level == .likely ? "所有尝试均正常；偶发或在少量连接中不会出现的问题尚不能排除。" : "所检查的连接均正常。"
        }
        if verdict.level == .noVerdict || causes.isEmpty { return "在现有权限下未能查明原因。" }
        let place = places.isEmpty ? "" : "故障位置：\(list(places))。"
        if verdict.level == .indistinguishable { return "原因是以下之一，在此处观察结果相同：\(causes.joined(separator: "；"))。\(place)" }
        return "\(causes.joined(separator: "；同时："))。\(place)"
    }

    let symptomTitle = "故障现象"
    let scopeTitle = "影响范围"
    let timelineTitle = "时间线"
    let topologyTitle = "网络拓扑"
    let evidenceTitle = "证据"
    let ruledOutTitle = "已排除的原因"
    let conclusionTitle = "结论"
    let triggerTitle = "触发条件"
    let impactTitle = "业务影响"
    let remedyTitle = "处置措施"
    let ticketTitle = "工单文本"
    let filesTitle = "关于本报告"

    func symptom(failures: Int, of total: Int, suspect: String, first: String, last: String) -> String {
        "迁移到 \(suspect) 的 \(total) 次连接中有 \(failures) 次失败：\(first == last ? first : "首次 \(first)，最近一次 \(last)")。"
    }
    func symptomOutcomes(_ outcomes: [(outcome: String, count: Int)]) -> String {
        let items = outcomes.map { "\(word($0.outcome, .outcome))（\($0.outcome)）\($0.count) 次" }
        return "失败表现：\(items.joined(separator: "；"))。"
    }
    func symptomOfProbes(_ suspect: String, worked: Int, of total: Int) -> String {
        "诊断时，从故障观测点到 \(suspect) 的 \(total) 次探测中有 \(worked) 次成功。"
    }
    let noSymptom = "没有失败连接的记录。"
    func banner(_ suspect: String) -> String { "\(suspect) 有应答时，其首句为：" }

    let scopeIntroduction = "所有尝试过的连接，按来源和去向列出。"
    let noProbes = "没有探测记录。"
    let vantage = "观测点"
    let position = "位置"
    let sourceAddress = "源地址"
    let destination = "目的"
    let result = "结果"
    func times(_ worked: Int, of count: Int) -> String { "\(count) 次中 \(worked) 次" }
    let workedTitle = "成功"
    let scopeFails = "不通："
    let scopeWorks = "正常："
    let scopeWorksSometimes = "时通时断："

    let timelineCaption = "每台源服务器的迁移连接，以及诊断中的探测。"
    let when = "时间"
    let what = "事件"
    let firstSuccess = "迁移连接首次成功。"
    func firstFailure(_ server: String, _ outcome: String) -> String {
        "首次失败：\(server)，\(word(outcome, .outcome))（\(outcome)）。"
    }
    func lastFailure(_ server: String, _ outcome: String) -> String {
        "目前最近一次失败：\(server)，\(word(outcome, .outcome))（\(outcome)）。"
    }
    func recovered(_ server: String) -> String { "连接恢复：\(server)。" }
    let diagnosisBegan = "开始诊断。"
    let diagnosisEnded = "诊断结束。"
    func probeMade(_ id: String, _ way: String, _ outcome: String) -> String {
        "探测 \(id)，\(way)：\(word(outcome, .outcome))（\(outcome)）。"
    }
    func blockSince(_ source: String, _ destination: String) -> String { "云平台记录：自此封禁 \(source) 到 \(destination) 的访问。" }
    let blockSinceShort = "封禁："
    func blockUntil(_ source: String, _ destination: String) -> String { "云平台记录：\(source) 到 \(destination) 的封禁结束。" }
    func allowed(_ source: String) -> String { "\(source) 加入云平台白名单" }
    func scrubbedSince(_ destination: String) -> String { "开始清洗到 \(destination) 的流量" }
    func blackHoleSince(_ destination: String) -> String { "\(destination) 进入黑洞" }

    let topologyCaption = "路径，故障位置标为红色。下方为每条尝试过的通路：箭头表示成功，叉号表示失败。"
    let topologyTextCaption =
        "路径，故障位置标为 XX，(o) 为观测点。下方为每条尝试过的通路：ok 表示每次都成功，FAIL 表示有失败。"
    let pathUnknown = "站点文件未给出路径，图中为通用位置。"

    let withoutWeight = "另外观察到，但既不支持也不反对主要原因："
    let evidenceIntroduction = "支持和反对各种原因的证据。"
    func evidence(_ evidence: DiagnosisDocument.Evidence) -> Line {
        ChineseEvidence.sentence(evidence, self).map { Line($0) } ?? Line(evidence.says, .english)
    }
    let speaksFor = "支持"
    let speaksAgainst = "反对"
    let record = "记录"
    let contrasts = "对照实验"
    let contrastsIntroduction = "每次只改变一个因素。前后两次对照结果一致时才有效。"
    let changed = "改变的因素"
    let failing = "受检连接"
    let compared = "对照"
    let counts = "是否有效"
    let isLeftOpen = "待定：可能由服务自身结束，服务不必接收陌生方的内容"
    func counts(_ held: Bool) -> String { held ? "有效" : "无效：前后对照不一致" }
    let why = "目的"
    func reason(_ experiment: DiagnosisDocument.Experiment) -> Line? {
        ChineseReason.clause(experiment, self).map { Line($0) }
    }
    func free(_ english: String?) -> Line? {
        english.flatMap { text in
            text.isEmpty ? nil : ChineseEvidence.phrases[text].map { Line($0) } ?? Line(text, .english)
        }
    }
    let packets = "报文"
    let packetsIntroduction = "握手的应答和连接的结束。若结束报文的 TTL 与同一主机其他应答的 TTL 不同，则它来自别处。"
    func packetHeads() -> [String] { ["记录", "观测点", "连接", "时刻", "报文", "标志", "TTL", "IP ID", "序号偏移", "窗口", "字节"] }
    func packetRole(_ role: PacketRole) -> String {
        switch role {
        case .request: "请求"
        case .answer: "应答"
        case .closing: "结束"
        case .afterClosing: "结束之后"
        }
    }
    func ladder(_ ladder: LadderRecord) -> String {
        let what = ladder.plan.sends == .request ? "握手请求" : "数据"
        return
            "TTL 阶梯 \(ladder.plan.id)：从 \(ladder.plan.vantage) 向 \(ladder.plan.place) 发送 TTL 递增的\(what)。"
    }
    func ladderHeads() -> [String] { ["TTL", "应答", "来自", "时刻"] }
    func ladderAnswer(_ answer: LadderRecord.Step.Answer) -> String {
        switch answer {
        case .silence: "无应答"
        case .expired: "TTL 超时"
        case .unreachable: "不可达"
        case .reached: "目的端应答"
        case .reset: "重置（RST）"
        case .closed: "关闭（FIN）"
        }
    }
    let providerRecords = "云平台记录"
    func providerHeads() -> [String] { ["源地址", "目的", "动作", "策略", "开始", "结束"] }
    func completeness(_ isComplete: Bool, _ asOf: String?) -> String {
        let time = asOf.map { "截至 \($0)" } ?? "时间未知"
        return isComplete ? "\(time)，完整。" : "\(time)，不完整：没有记录不代表没有发生。"
    }
    let uplinkCaption = "出口线路速率。虚线为线路容量。"
    let uplinkTextCaption = "出口线路速率。"
    let notes = "备注"
    func capturesLie(_ names: [String]) -> String { "与本报告同目录的抓包文件：\(list(names))。" }

    let ruledOutIntroduction = "以下原因与观察结果矛盾。"
    let cause = "原因"
    let by = "排除依据"
    let alternatives = "其他可能"
    let probability = "概率"
    let wouldNeed = "需要的处置"
    let untested = "未检验"
    let indistinguishable = "在此处无法区分"
    func separatedBy(_ causes: String) -> String { "\(causes)。区分办法：" }
    let nothingRuledOut = "没有证据单独排除任何原因。"

    let locus = "故障位置"
    let mechanism = "作用方式"
    let selector = "匹配条件"
    let selectsAll = "路径上的全部流量"
    let trigger = "触发条件"
    let rate = "速率"
    func rate(_ rate: DiagnosisDocument.Rate) -> String {
        let unpaced = "不限速发送时到达 \(rate.unpaced)。"
        return rate.passes.map { "以 \($0) 发送可以通过；\(unpaced)" } ?? unpaced
    }
    let memory = "持续方式"
    func memory(_ memory: DiagnosisDocument.Memory) -> String {
        let kind = word(memory.kind, .memory)
        guard let seconds = memory.seconds, seconds.count == 2 else {
            return memory.isPassing ? "\(kind)（此类情况通常如此，本次未测得）" : kind
        }
        return "\(kind)，实测 \(duration(seconds[0])) 至 \(duration(seconds[1]))"
    }
    let confidence = "置信度"
    let together = "以上合计"
    let toldApartBy = "区分办法"
    let verdict = "结论"
    func triggerSentence(_ trigger: String) -> String {
        switch trigger {
        case "standing": "据目前所知不需要触发：无论迁移做什么，故障都存在。"
        case "unknown": "未观察到触发条件，须由故障位置的管理方说明。"
        case "off-wire": "据目前所知，触发操作不经过这条路径，属于云平台控制面上的操作，以云平台的说明为准。"
        default: "据目前所知由“\(word(trigger, .trigger))”触发。若不改变，解除后可能再次发生。"
        }
    }
    let triggerAdvice = "每次访问都会续期：处置生效前，不要再从该源地址访问该端口。改用其他端口或地址，也会逐个被封。"

    let noEvents = "没有迁移工具的失败日志，无法统计影响。"
    let servers = "服务器"
    func servers(_ failed: Int, of seen: Int) -> String { "日志中的 \(seen) 台源服务器里有 \(failed) 台出现失败" }
    let failures = "连接"
    func failures(_ failed: Int, of all: Int) -> String { "\(all) 次中有 \(failed) 次失败" }
    let bytesAgain = "数据量"
    func bytesAgain(_ bytes: String, uncounted: Int) -> String {
        "\(bytes) 已发送但未被确认，须重传\(uncounted == 0 ? "" : "；另有 \(uncounted) 次连接无法统计")"
    }
    let cutOff = "时长"
    func cutOff(from: String, to: String?, _ seconds: Double) -> String {
        "\(duration(seconds))：自 \(from) 起，\(to.map { "至 \($0) 连接恢复" } ?? "诊断结束时尚未恢复")"
    }
    let serverHours = "服务器小时"
    func serverHours(_ seconds: Double) -> String {
        let tenths = Int((min(seconds, 1e12) / 360).rounded())
        return "各服务器中断时间合计 \(tenths / 10).\(tenths % 10) 小时"
    }

    let remedy = "处置措施"
    let owner = "负责方"
    let remedyHelped = "处理已完成：此后重试了曾经失败的连接，已恢复正常。"
    func remedyAdvice(_ remedy: String) -> String {
        switch remedy {
        case "ask-cloud-to-allowlist": "生效之前不要再连接被封禁的端口，否则可能使封禁续期。请提供站点可能使用的全部公网出口地址。"
        case "wait-for-expiry": "在此之前不要再连接被封禁的端口。"
        case "collect-more-evidence": "缺少哪些证据、各能判定什么，见“已排除的原因”。"
        default: ""
        }
    }
    let undecidedRemedy = "应采取的措施取决于究竟是哪一个原因，各原因对应的处置见“结论”。应先查明是哪一个。"
    func ticketIntroduction(_ owner: String) -> String { "提交给\(owner)，可直接粘贴：" }

    func ticketText(_ facts: TicketFacts) -> String { ChineseTicket(facts: facts, words: self).text }
    func lastAt(_ time: String) -> String { "，最近一次 \(time)" }
    func inside(_ end: String) -> String { "（内网 \(end)）" }

    func unreadable(_ file: String, _ lines: Int) -> String {
        file.hasSuffix(".yaml") ? "\(file) 无法使用，报告中没有站点自己的名称。" : "\(file) 中有 \(lines) 行无法读取，未包含在本报告中。"
    }
    func missing(_ file: String) -> String { "目录中没有 \(file)。" }
}
