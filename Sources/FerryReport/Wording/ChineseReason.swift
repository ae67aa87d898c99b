internal import FerryEvidence

/// Says in Chinese why an experiment was made, by its word and arguments; docs/manual/report.md lists them.
enum ChineseReason {
    /// The clause; nil for a word, or arguments, that are not known here.
    static func clause(_ experiment: DiagnosisDocument.Experiment, _ words: ChineseWording) -> String? {
        switch experiment.whyKind {
        case "hosts": return "主机自身的状态无须连接可疑端点即可得知"
        case "baseline": return "须先看到故障重现，才能与其他连接比较"
        case "second-look": return "单次无响应可能只是碰到了多个成员中故障的一个；若为整体故障，换相邻本地端口也应失败"
        case "wider-look": return "运营商对所有流量的限制在其他目的地也会出现；只针对一个地址的则不会"
        case "rate-look": return "此类限速在其阈值之下可以通过，迁移即可按该速率继续"
        case "ladder-look": return "途中有设备代为应答；到同一主机可用端口的路径可显示该距离处是哪台设备"
        case "confirmation": return "处置的目的就是使该连接恢复正常"
        case "noted": return "记录中未说明目的"
        case "parts":
            let arguments = experiment.whyArguments ?? []
            guard arguments.count >= 2 else { return nil }
            let parts = stride(from: 0, to: arguments.count - 1, by: 2).map { index in
                let causes = arguments[index].split(separator: "+").map { words.word(String($0), .cause) }
                return "\(causes.joined(separator: "＋")) \(arguments[index + 1])%"
            }
            return "预计最能区分：\(parts.joined(separator: "、"))"
        default: return nil
        }
    }
}
