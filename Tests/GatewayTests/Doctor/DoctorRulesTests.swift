import Assignment
import Storage
import Testing

@testable import Gateway

/// What `gateway doctor` thinks of what it finds.
@Suite struct DoctorRulesTests {
    @Test(arguments: [
        (-60_000 as Int64, Finding.Verdict.failed), (-30_000, .failed), (-29_999, .warning), (-2000, .warning),
        (-1999, .ok),
        (0, .ok), (1999, .ok), (2000, .warning), (29_999, .warning), (30_000, .failed),
    ])
    func theClock(milliseconds: Int64, verdict: Finding.Verdict) {
        let database = Timestamp(microseconds: 1_700_000_000_000_000)
        let finding = DoctorRules.clock(node: database.advanced(byMilliseconds: milliseconds), database: database)
        #expect(finding.verdict == verdict, "\(finding.text)")
    }

    @Test(arguments: [(4095, Finding.Verdict.warning), (4096, .ok), (1_048_576, .ok)])
    func descriptors(limit: Int, verdict: Finding.Verdict) {
        #expect(DoctorRules.descriptors(limit: limit).verdict == verdict)
    }

    @Test(arguments: [(-1, Finding.Verdict.failed), (0, .warning), (13, .warning), (14, .ok)])
    func theCertificate(days: Int, verdict: Finding.Verdict) {
        #expect(DoctorRules.certificate(days: days, path: "/c").verdict == verdict)
    }

    @Test(arguments: [(199 as Int64, Finding.Verdict.failed), (200, .warning), (2047, .warning), (2048, .ok)])
    func space(mebibytes: Int64, verdict: Finding.Verdict) {
        #expect(DoctorRules.space(free: mebibytes << 20, path: "/").verdict == verdict)
    }

    private func facts(_ version: Int64 = 150_000, connections: Int64 = 100, unsafe: [String] = []) -> DatabaseFacts {
        DatabaseFacts(
            versionNumber: version, version: "\(version)", now: Timestamp(microseconds: 0),
            maxConnections: connections, unsafeSettings: unsafe)
    }

    @Test func theDatabase() {
        #expect(DoctorRules.database(self.facts(), connections: 8).verdict == .ok)
        #expect(DoctorRules.database(self.facts(149_999), connections: 8).verdict == .failed)
        #expect(DoctorRules.database(self.facts(connections: 11), connections: 8).verdict == .failed)
        #expect(DoctorRules.database(self.facts(connections: 12), connections: 8).verdict == .ok)
        let lax = DoctorRules.database(self.facts(unsafe: ["fsync = off"]), connections: 8)
        #expect(lax.verdict == .failed && lax.contains { $0.text.hasPrefix("fsync = off:") })
    }

    @Test func theSchemaAndTheKeys() {
        #expect(DoctorRules.schema(.ok).verdict == .ok)
        #expect(DoctorRules.schema(.newer).verdict == .failed)
        #expect(DoctorRules.schema(.different).verdict == .warning)
        #expect(DoctorRules.keys(workspace: "w", widgets: 0, bots: 5, verifying: 0).verdict == .warning)
        #expect(DoctorRules.keys(workspace: "w", widgets: 1, bots: 0, verifying: 0).verdict == .ok)
        #expect(DoctorRules.keys(workspace: "w", widgets: 0, bots: 0, verifying: 1).verdict == .ok)
    }

    @Test func theWorstVerdictCounts() {
        #expect([Finding]().verdict == .ok)
        #expect([Finding.ok("a", ""), .warning("b", "")].verdict == .warning)
        #expect([Finding.failed("a", ""), .warning("b", "")].verdict == .failed)
        #expect(Finding.warning("clock", "late").line == "warning  clock        late")
    }
}
