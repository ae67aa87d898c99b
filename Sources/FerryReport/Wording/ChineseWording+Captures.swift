internal import FerryCore
internal import FerryPacket

extension ChineseWording {
    var captures: String { "抓包" }
    var capturesIntroduction: String {
        "到可疑端点且有异常的连接，及其结束前后的报文。→ 由发起方发出，← 由应答方发出；序号从各自的初始序号算起。标出的 TTL 与同一发送方的其他报文都不同。"
    }
    var sentenceSpace: String { "" }
    func captureCounts(packets: Int, connections: Int, concerned: Int, troubled: Int) -> String {
        let trouble = concerned == 0 ? "" : "，其中 \(troubled) 个有异常"
        return "\(connections) 个连接的 \(packets) 个报文；到可疑端点的连接 \(concerned) 个\(trouble)。"
    }
    func captureProblem(_ problem: CaptureReading.Problem) -> String {
        switch problem {
        case .notAFile: "不是普通文件，未读取。"
        case .tooLarge(let bytes): "大小为 \(ByteCount(max(0, bytes)))，超过报告读取抓包的上限，可用 ferry capture 读取。"
        case .unreadable(let cause): "无法读取：\(cause)。"
        case .notACapture: "不是抓包文件，未读取。"
        case .compressed(let program): "已用 \(program) 压缩，未读取。"
        case .cutShort: "文件在一个报文中间结束，此前的部分已读取。"
        case .damaged: "文件已损坏，此前的部分已读取。"
        case .tooManyPackets: "报文数超过报告的上限，可用 ferry capture 读取全部。"
        }
    }
    func captureFlow(_ began: String, packets: Int, _ duration: String) -> String {
        "自 \(began) 起，\(duration) 内 \(packets) 个报文。"
    }
    func captureExcerpt(before: Int, after: Int) -> String {
        let parts = [before > 0 ? "此前 \(before) 个" : "", after > 0 ? "此后 \(after) 个" : ""].filter { !$0.isEmpty }
        return "\(parts.joined(separator: "、"))报文未列出。"
    }
    func excerptHeads() -> [String] { ["报文", "时刻（UTC）", "", "标志", "相对序号", "字节", "TTL", "IP ID", "标记"] }
    func sequenceCaption(ofClient: Bool) -> String {
        "\(ofClient ? "发起方" : "应答方")数据随时间的进展：每个报文段一条竖线，阶梯线为已确认的位置。"
    }
    func sequenceTextCaption(ofClient: Bool) -> String {
        "\(ofClient ? "发起方" : "应答方")数据随时间的进展：每个符号为一处发送的报文段。"
    }
    var sequenceData: String { "新数据" }
    var sequenceAgain: String { "重传" }
    var sequenceAcknowledged: String { "已确认" }

    /// By its kind, with what the connection's end shows; the numbers of other kinds are in the table.
    func captureTrouble(_ trouble: FlowTrouble, _ flow: CapturedFlow) -> String {
        switch trouble.kind {
        case .forgedEnd: "结束报文很可能不是由\(name(flow.ending))发出，而是路径上的设备伪造\(details(flow.ending))。"
        case .reset: "连接建立后被\(name(flow.ending))方向的 RST 中断\(details(flow.ending))。"
        case .idleReset: "长时间没有报文之后被 RST 中断\(details(flow.ending))。"
        case .closedAtOnce: "连接建立后即被应答方关闭，应答方没有发送数据\(details(flow.ending))。"
        case .refused: "握手请求被 RST 拒绝\(details(flow.ending))。"
        case .unanswered: "握手请求没有得到应答。"
        case .wrongAnswer: "握手应答确认的不是所发的请求。"
        case .icmpError: "收到关于该连接的 ICMP 差错。"
        case .largeSegmentsLost: "大报文段从未被确认，小报文段得到确认。"
        case .fellSilent: "最后的数据多次重传，始终未被确认。"
        case .receiverStalled: "接收窗口为零：接收方停止接收。"
        case .slowStart: "首个握手请求没有得到应答，重发后得到应答。"
        case .retransmissions: "有数据被重传。"
        case .delayGrew: "负载下往返时间明显增大。"
        case .reordering: "有报文段乱序到达。"
        case .captureGaps: "抓包缺少部分已被确认的数据。"
        }
    }

    private func name(_ ending: CapturedFlow.Ending?) -> String { ending?.isFromClient == true ? "发起方" : "应答方" }

    private func details(_ ending: CapturedFlow.Ending?) -> String {
        guard let ending else { return "" }
        var text = "（\(ReportWriter.milliseconds(Double(ending.after) / 1e9))，TTL \(ending.timeToLive)"
        if let usual = ending.usual, !usual.contains(ending.timeToLive) {
            let others = usual.count == 1 ? "\(usual.lowerBound)" : "\(usual.lowerBound) 至 \(usual.upperBound)"
            text += "，同方向其他报文为 \(others)"
        }
        return text + "）"
    }
}
