/// Ferry and every peer.
struct Contenders {
    private let all: [any Mover]

    init(ferry: Ferry, servers: TwoServers) {
        let shell = SecureShell(servers)
        all = [
            ferry,
            NBDCopy(.usual, servers: servers),
            NBDCopy(.aes, servers: servers),
            Rsync(shell, servers: servers),
            Partclone(shell, servers: servers),
            DiskDump(shell, servers: servers),
            Casync(shell, servers: servers),
            Restic(shell, servers: servers),
            BDSync(shell, servers: servers),
            BlocksyncFast(shell, servers: servers),
        ]
    }

    /// Those that can take part of the ones in `names`, and why others cannot.
    /// - Parameter names: separated by commas; nil is all.
    func chosen(_ names: String?) throws(BenchmarkError) -> (movers: [any Mover], skipped: [Results.Skipped]) {
        var wanted = all
        if let names {
            wanted = []
            for name in names.split(separator: ",") {
                guard let mover = all.first(where: { $0.name == name }) else {
                    let known = all.map(\.name).joined(separator: ", ")
                    throw BenchmarkError(.input, "there is no peer \"\(name)\"; there are \(known)")
                }
                wanted.append(mover)
            }
        }
        var skipped: [Results.Skipped] = []
        for mover in wanted {
            if let obstacle = mover.obstacle { skipped.append(Results.Skipped(mover: mover.name, why: obstacle)) }
        }
        return (wanted.filter { mover in !skipped.contains { $0.mover == mover.name } }, skipped)
    }
}
