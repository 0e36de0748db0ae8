internal import Assignment
internal import Storage

/// What the doctor thinks of a number, apart from how it is found out.
enum DoctorRules {
    static func descriptors(limit: Int) -> Finding {
        let text = "\(limit) file descriptors"
        return limit < 4096
            ? .warning("descriptors", "\(text): one is needed per client; raise the hard limit (LimitNOFILE=)")
            : .ok("descriptors", text)
    }

    static func clock(node: Timestamp, database: Timestamp) -> Finding {
        let skew = node.milliseconds(since: database)
        let text = "the node's clock is \(abs(skew)) ms \(skew < 0 ? "behind" : "ahead of") the database's"
        // Tokens have 30 seconds of leeway at most, `exp` none.
        switch abs(skew) {
        case ..<2000: return .ok("clock", text)
        case ..<30_000: return .warning("clock", "\(text): synchronise it")
        default: return .failed("clock", "\(text): good tokens are refused, or bad ones taken")
        }
    }

    /// - Parameter days: until the certificate expires; below zero if it has.
    static func certificate(days: Int, path: String) -> Finding {
        switch days {
        case ..<0: .failed("tls", "the certificate in \(path) has expired")
        case ..<14: .warning("tls", "the certificate in \(path) expires in \(days) days")
        default: .ok("tls", "the certificate in \(path) is good for \(days) days")
        }
    }

    static func database(_ facts: DatabaseFacts, connections: Int) -> [Finding] {
        var findings: [Finding] = []
        let oldest = 15
        findings.append(
            facts.versionNumber >= Int64(oldest * 10_000)
                ? .ok("database", "PostgreSQL \(facts.version)")
                : .failed("database", "PostgreSQL \(facts.version) is older than \(oldest)"))
        if !facts.unsafeSettings.isEmpty {
            findings.append(
                .failed(
                    "durability",
                    "\(facts.unsafeSettings.joined(separator: ", ")): an acknowledged message may be lost"))
        }
        // The pool, the two of the writer, the listener, and one for whoever looks after it.
        let needed = connections + 4
        if facts.maxConnections < Int64(needed) {
            findings.append(
                .failed("connections", "max_connections = \(facts.maxConnections), and a node needs \(needed)"))
        }
        return findings
    }

    static func schema(_ outcome: SchemaCheck.Outcome) -> Finding {
        switch outcome {
        case .ok: .ok("schema", "every migration of this version is applied")
        case .newer: .failed("schema", "the database was migrated by a newer version: replace this one by that")
        case .different:
            .warning("schema", "not that of this version: the next start, or `gateway migrate`, migrates it")
        }
    }

    static func keys(workspace: String, widgets: Int, bots: Int, verifying: Int) -> Finding {
        let text =
            "workspace \(workspace): \(widgets) widget keys, \(bots) API keys, \(verifying) keys or key sets of its own"
        return widgets + verifying == 0
            ? .warning("keys", "\(text): no visitor can come in (gateway widgetkey create)") : .ok("keys", text)
    }

    /// - Parameter free: bytes that are left where the data lives.
    static func space(free: Int64, path: String) -> Finding {
        let mebibytes = free / (1 << 20)
        let text = "\(mebibytes) MiB free in \(path)"
        switch mebibytes {
        case ..<200: return .failed("space", text)
        case ..<2048: return .warning("space", text)
        default: return .ok("space", text)
        }
    }
}
