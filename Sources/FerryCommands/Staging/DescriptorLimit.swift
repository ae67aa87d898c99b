internal import Glibc

/// How many files this program may have open.
enum DescriptorLimit {
    /// Takes as many as the machine's administrator allows: each volume needs two and each connection one, and what a
    /// shell or a service is given is often 1024.
    static func raise() {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }
}
