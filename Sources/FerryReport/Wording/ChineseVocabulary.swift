/// The vocabulary of `ferry.diagnosis/1` in Chinese.
enum ChineseVocabulary {
    static let words: [Vocabulary: [String: String]] = [
        .cause: causes, .mechanism: mechanisms, .selector: selectors, .trigger: triggers, .memory: memories,
        .remedy: remedies,
        .owner: owners, .outcome: outcomes, .factor: factors,
    ]

    private static let causes = [
        "none": "一切正常", "source-firewall": "源服务器本机防火墙拦截", "source-ports-exhausted": "源服务器本地端口耗尽",
        "source-slow": "源服务器自身读取缓慢", "lan-loss": "客户内网丢包", "lan-injector": "客户内网设备伪造 RST",
        "firewall-drop": "客户防火墙丢弃", "firewall-reject": "客户防火墙拒绝", "firewall-session-limit": "客户防火墙会话数已满",
        "idle-timeout": "防火墙或 NAT 对空闲连接超时", "snat-port-exhaustion": "SNAT 端口耗尽", "egress-address-flap": "出口地址不固定",
        "source-address-block": "源地址被整体封禁", "tuple-reuse": "SNAT 过早复用端口", "transparent-proxy": "路径上有透明代理",
        "egress-saturation": "出口带宽打满", "policer": "限速丢包", "shaper": "限速整形", "random-loss": "链路随机丢包",
        "reordering": "链路乱序",
        "bad-ecmp-member": "多条等价路径之一故障", "mtu-black-hole": "MTU 黑洞（大包丢失且无通知）", "asymmetric-path": "往返路径不对称",
        "return-route-missing": "缺少回程路由", "window-scale-stripped": "中间设备去掉 TCP 窗口扩大选项",
        "sack-stripped": "中间设备去掉 TCP 选择确认选项",
        "ecn-syn-drop": "中间设备丢弃带 ECN 的 SYN", "carrier-port-block": "运营商封禁端口", "carrier-black-hole": "运营商路由黑洞",
        "payload-injector": "设备识别内容后伪造 RST", "payload-drop": "设备识别内容后丢弃", "payload-reset": "设备识别内容后重置连接",
        "forged-close": "设备伪造连接结束", "first-syn-drop": "首个 SYN 被有意丢弃", "syn-challenge": "新建连接须先通过验证",
        "syn-proxy-dead-backend": "SYN 代理应答但后端不可达", "scrubbing-cap": "云端流量清洗限速", "destination-black-hole": "目的地址被云端黑洞",
        "anti-abuse-block": "云平台防恶意攻击策略封禁了该源地址到该端口的访问", "host-ban": "中转实例自身封禁了该源地址", "syn-rate-limit": "新建连接速率受限",
        "concurrency-limit": "并发连接数受限", "byte-quota": "流量配额受限", "lifetime-kill": "连接到达时长上限即被切断",
        "security-group": "安全组未放行",
        "load-balancer": "负载均衡后端异常", "service-not-listening": "服务未监听该端口", "accept-queue-overflow": "服务的连接队列溢出",
        "service-refuses": "服务自身拒绝",
        "receiver-stalled": "中转实例停止接收", "application-timeout": "应用自身超时", "dns-wrong": "域名解析到错误地址",
        "stale-staging-address": "中转实例地址已属于其他机器", "not-network": "非网络问题（认证、TLS 或时钟）", "unmodelled": "未建模的故障",
    ]

    private static let mechanisms = [
        "drop": "丢弃报文", "reset": "重置连接（RST）", "icmp-reject": "以 ICMP 差错拒绝", "close": "关闭连接（FIN）",
        "silence": "连接建立后无任何应答",
        "rate": "限速", "loss": "部分丢包", "delay": "时延增大", "rewrite": "改写报文", "none": "对报文无影响",
    ]

    private static let selectors = [
        "source-address": "源地址", "source-port": "源端口", "destination-address": "目的地址", "destination-port": "目的端口",
        "payload": "内容",
        "size": "报文大小", "options": "TCP 或 IP 选项",
    ]

    private static let triggers = [
        "standing": "长期存在", "connection-rate": "单位时间新建连接过多", "concurrency": "并发连接过多", "bytes": "传输字节过多",
        "age": "连接存在时间过长",
        "idle": "连接空闲", "content": "连接中的内容", "failures": "失败次数过多", "aggregate-rate": "总流量速率过高",
        "off-wire": "线路之外的操作（例如短时间内大量创建、释放临时实例）", "unknown": "未知",
    ]

    private static let memories = [
        "none": "不持续：条件消失即恢复", "fixed": "固定时长", "renewed-by-hits": "每次访问都会续期", "until-lifted": "直到人工解除",
        "unknown": "未知",
    ]

    private static let remedies = [
        "none": "无需处置", "ask-cloud-to-allowlist": "请云平台将源地址加入白名单", "raise-scrubbing-threshold": "请云平台提高清洗阈值",
        "wait-for-expiry": "等待自动解除", "ask-carrier": "联系运营商处理", "fix-source-firewall": "调整客户防火墙",
        "fix-source-host": "调整源服务器",
        "fix-lan": "修复客户内网", "add-snat-addresses": "增加 SNAT 公网地址", "pin-egress-address": "固定出口地址",
        "reduce-rate": "降低速率",
        "reduce-connections": "减少连接数", "clamp-mss": "限制最大报文段长度（MSS）", "send-keepalives": "发送保活报文",
        "disable-tcp-option": "关闭某个 TCP 选项",
        "bypass-middlebox": "绕开中间设备", "fix-route": "修正路由", "fix-security-group": "放行安全组", "fix-load-balancer": "修复负载均衡",
        "start-service": "启动服务", "tune-service": "调整服务参数", "fix-staging-disk": "处理中转实例磁盘", "fix-dns": "修正域名解析",
        "refresh-staging-address": "改用中转实例的新地址", "fix-credentials-or-clock": "修正凭证或时钟", "collect-more-evidence": "补充证据",
    ]

    private static let owners = [
        "cloud": "云平台", "carrier": "运营商", "customer-network": "客户网络团队", "source-owner": "源服务器负责人",
        "migration-team": "迁移团队",
        "staging-owner": "中转实例负责人", "nobody": "无",
    ]

    private static let outcomes = [
        "OK": "正常", "SLOW_LOSSY": "慢且丢包", "SLOW_SHAPED": "慢但不丢包", "LATE_CONNECT": "建连延迟", "NOT_SENT": "未能发出",
        "SYN_TIMEOUT": "握手无应答",
        "REFUSED_FAST": "过快被拒绝（早于对端可能的应答）", "REFUSED_FULL": "被拒绝", "ICMP": "ICMP 差错", "CONNECT_RST": "握手后立即被重置",
        "CONNECT_FIN": "握手后立即被关闭", "CONNECT_SILENCE": "握手后无应答", "MID_RST": "传输中被重置", "MID_FIN": "传输中被关闭",
        "MID_STALL_RX": "传输停滞（对端不确认）", "MID_STALL_RWND": "传输停滞（对端不接收）", "APP_ERROR": "服务返回错误",
    ]

    private static let factors = [
        "source-address": "源地址", "source-port": "源端口", "destination-address": "目的地址", "destination-port": "目的端口",
        "vantage": "观测点",
        "payload": "内容", "size": "传输量", "rate": "速率", "idle": "连接内空闲时间", "concurrency": "并发连接数", "options": "TCP 选项",
        "confirmation": "无（处置之后再试一次）", "look": "无（查看主机状态）", "baseline": "无（复现故障）", "silence": "之前的静默时间", "port": "目的端口",
        "destination": "目的地址",
        "content": "内容",
        "transfer": "传输量", "segment-size": "报文段大小", "ladder": "无（查看途中各跳）",
    ]
}
