/// What a remedy's owner is asked for, in Chinese.
enum ChineseRequest {
    /// The sentence; nil for a remedy that is not known here, or where nobody is asked.
    /// - Parameters:
    ///   - remedy: the word, as `ask-carrier`.
    ///   - source: the addresses that the failing connections leave by.
    ///   - suspect: where they go, with the port.
    static func sentence(_ remedy: String, from source: String, to suspect: String) -> String? {
        switch remedy {
        case "ask-cloud-to-allowlist":
            "请解除对源地址 \(source) 到 \(suspect) 的封禁，说明由哪条策略触发，并在迁移结束前将该源地址加入白名单。"
        case "raise-scrubbing-threshold": "请将 \(suspect) 的清洗阈值提高到迁移速率以上，或对源地址 \(source) 免于清洗。"
        case "wait-for-expiry": "\(suspect) 暂时处于黑洞中，请说明解除时间和触发原因；在此之前不会发送流量。"
        case "ask-carrier": "请检查从 \(source) 到 \(suspect) 的路径：途中有设备丢弃、改写或代为应答这些报文。"
        case "fix-source-firewall": "请在站点防火墙上双向放行 \(source) 到 \(suspect) 的 TCP 连接。"
        case "fix-source-host": "请处理源服务器自身的问题：其本机防火墙、路由或负载使其无法正常访问 \(suspect)。"
        case "fix-lan": "请修复源服务器所在网段：报文在到达防火墙之前已丢失。"
        case "add-snat-addresses": "请为到 \(suspect) 的地址转换增加公网地址或端口，或延长端口复用间隔。"
        case "pin-egress-address": "请使到 \(suspect) 的所有连接都从同一个固定公网地址发出。"
        case "reduce-rate": "瓶颈在线路：请降低发往 \(suspect) 的速率，或改在其他时间发送。"
        case "reduce-connections": "请减少到 \(suspect) 的连接数，并放慢新建连接的速度。"
        case "clamp-mss": "请限制到 \(suspect) 的最大报文段长度（MSS），或放行“需要分片”的 ICMP 报文。"
        case "send-keepalives": "请延长到 \(suspect) 的空闲连接的超时时间，或发送保活报文。"
        case "disable-tcp-option": "请使去掉 TCP 选项（或丢弃带选项报文）的设备放行这些选项；在此之前将关闭这些选项。"
        case "bypass-middlebox": "请将冒充对端应答的设备从到 \(suspect) 的路径上移除。"
        case "fix-route": "请修正路由，使 \(suspect) 的应答沿请求的来路返回。"
        case "fix-security-group": "请在安全组以及中转实例自身的防火墙中放行 \(source) 到 \(suspect) 的 TCP 连接。"
        case "fix-load-balancer": "请检查 \(suspect) 之前的负载均衡：交给它的流量没有全部到达后端。"
        case "start-service": "请启动 \(suspect) 上的服务；若已停止响应，请重启。"
        case "tune-service": "请检查 \(suspect) 上的服务：是该服务自身拒绝了 \(source)，请查看其限制和日志。"
        case "fix-staging-disk": "请检查中转实例 \(suspect)：其服务已停止读取，常见于磁盘已满或过慢。"
        case "fix-dns": "请检查域名：从源服务器解析不到地址，或解析到的不是中转实例的地址。可能是域名记录、源服务器所用的域名服务器，或迁移工具和站点文件中填写的域名有误。"
        case "refresh-staging-address": "请查明中转实例的当前地址：\(suspect) 已不再是它的地址。"
        case "fix-credentials-or-clock": "请检查两端的凭证、证书和时钟：网络本身可以建立连接。"
        case "collect-more-evidence": "请补充测量：现有信息不足以判断原因。"
        default: nil
        }
    }
}
