/// Says in Chinese where on the way what ended a connection was; docs/manual/report.md lists the arguments.
enum ChineseSpeaker {
    private static let doubts = [
        "other-beginning": "其初始 TTL 与主机应答不同，无从得知", "behind-host": "按此推算它来自主机之后",
        "copied": "照抄主机 TTL 的设备看上去同样远", "other-way-back": "去程与回程跳数不同",
    ]

    /// The sentences; nil for arguments that are not known here.
    static func sentence(_ arguments: [String]) -> String? {
        switch arguments.first {
        case "closing-packet" where arguments.count >= 9: return closing(arguments)
        case "icmp-error" where arguments.count >= 4: return error(arguments)
        default: return nil
        }
    }

    private static func error(_ arguments: [String]) -> String {
        let (address, number, time) = (arguments[1], arguments[2], arguments[3])
        guard !number.isEmpty else { return "ICMP 差错来自 \(address)，该地址在到主机的路径上没有应答，无法判断其远近。" }
        return "ICMP 差错来自 \(address)，即到主机路径上的第 \(number) 跳\(time.isEmpty ? "" : "（\(time) ms）")。"
    }

    private static func closing(_ arguments: [String]) -> String? {
        guard let routers = Int(arguments[1]), let ofHost = Int(arguments[2]), routers < Int.max else { return nil }
        let reasons = arguments[8].split(separator: " ").map(String.init)
        var text = reasons.contains("other-beginning") ? "若初始 TTL 为 \(arguments[3])，" : ""
        text += "结束报文到此经过 \(routers) 个路由器，"
        if routers == ofHost {
            text += "与主机的应答相同：它来自与主机一样远的地方。"
        } else {
            text += "主机的应答经过 \(ofHost) 个"
            let farthest = "第 \(routers + 1) 跳\(hop(arguments[6], arguments[7]))"
            if routers > ofHost {
                text += "。"
            } else if routers == 0 {
                text += "：由\(farthest)或其之前的设备发出。"
            } else {
                text += "：由第 \(routers) 跳\(hop(arguments[4], arguments[5]))之后、至\(farthest)为止的设备发出。"
            }
        }
        let known = reasons.compactMap { doubts[$0] }
        return known.isEmpty ? text : text + "这只是推测：\(known.joined(separator: "；"))。"
    }

    private static func hop(_ word: String, _ time: String) -> String {
        switch word {
        case "host": "（主机）"
        case "silent": "（无应答）"
        case "unseen", "": "（未查看）"
        default: time.isEmpty ? "（\(word)）" : "（\(word)，\(time) ms）"
        }
    }
}
