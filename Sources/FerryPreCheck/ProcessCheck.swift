extension PreCheckID {
    /// Databases that are running.
    public static let databases = PreCheckID("running.databases")
    /// Container engines that are running.
    public static let containers = PreCheckID("running.containers")
}

/// What is running whose data a copy of the running disk would catch in the middle of a change.
enum ProcessCheck {
    private static let databases: [(process: String, name: String)] = [
        ("postgres", "PostgreSQL"), ("postmaster", "PostgreSQL"), ("mysqld", "MySQL"), ("mariadbd", "MariaDB"),
        ("mongod", "MongoDB"), ("redis-server", "Redis"), ("valkey-server", "Valkey"), ("sqlservr", "SQL Server"),
        ("db2sysc", "Db2"), ("clickhouse-serv", "ClickHouse"), ("influxd", "InfluxDB"), ("etcd", "etcd"),
        ("slapd", "OpenLDAP"), ("dmserver", "Dameng"),
    ]
    private static let engines = ["dockerd", "containerd", "crio", "kubelet", "lxd", "incusd"]

    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        guard let names = ProcessNames.read(server.files) else {
            return [PreCheckID.databases, .containers].map {
                .unchecked($0, "What is running", because: "/proc holds no process that can be read")
            }
        }
        return [findDatabases(names), findEngines(names)]
    }

    private static func findDatabases(_ names: [String]) -> PreCheckFinding {
        var found: [String] = []
        for (process, name) in databases where names.contains(process) && !found.contains(name) { found.append(name) }
        // Every instance of Oracle has a process monitor named after it.
        for name in names where name.hasPrefix("ora_pmon_") { found.append("Oracle (\(name.dropFirst(9)))") }
        guard !found.isEmpty else { return PreCheckFinding(.databases, .ok, "No database was seen running") }
        return PreCheckFinding(
            .databases,
            .warning,
            "Running: \(found.joined(separator: ", "))",
            advice:
                "A pass over a disk that a database writes to is not a consistent copy: for the final pass, stop it, "
                + "use --freeze, or read from a snapshot."
        )
    }

    private static func findEngines(_ names: [String]) -> PreCheckFinding {
        let found = engines.filter { names.contains($0) }
        guard !found.isEmpty else { return PreCheckFinding(.containers, .ok, "No container engine was seen running") }
        return PreCheckFinding(
            .containers,
            .ok,
            "Running: \(found.joined(separator: ", ")); containers move with their disks and start again at the target"
        )
    }
}
