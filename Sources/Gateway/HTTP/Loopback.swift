/// Which hosts never leave this machine.
enum Loopback {
    /// Whether `host`, as written in a setting, is loopback: `localhost`, `::1` or anything of `127.0.0.0/8`.
    static func contains(host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        guard let address = NetworkAddress(host) else { return false }
        return address.isLoopback
    }
}
