import AdapterContract
import NIOCore
import SocketIO
import Synchronization
import Testing

@Suite struct AdapterContractTests {
    @Test("One server", .timeLimit(.minutes(1)), arguments: AdapterContract.rules(servers: 1))
    func local(rule: AdapterContract.Rule) async throws {
        try await rule.check { $0.map { LocalAdapter($0) } }
    }

    @Test("One server that recovers sessions", .timeLimit(.minutes(1)), arguments: AdapterContract.recoveryRules)
    func recovery(rule: AdapterContract.Rule) async throws {
        try await rule.check { $0.map { LocalAdapter($0) } }
    }

    /// The rules are worth what they notice.
    @Test(
        "An adapter whose recovery is broken is found out", .timeLimit(.minutes(1)),
        arguments: BrokenAdapter.Fault.allCases)
    func broken(fault: BrokenAdapter.Fault) async throws {
        let found = Mutex(0)
        for rule in AdapterContract.rules(servers: 1) + AdapterContract.recoveryRules {
            try await withKnownIssue(isIntermittent: true) {
                try await rule.check { $0.map { BrokenAdapter($0, fault) } }
            } matching: { _ in
                found.withLock { $0 += 1 }
                return true
            }
        }
        #expect(found.withLock { $0 } > 0, "no rule noticed")
    }

    @Test("Servers in one process", .timeLimit(.minutes(1)), arguments: AdapterContract.rules(servers: 3))
    func cluster(rule: AdapterContract.Rule) async throws {
        try await rule.check { contexts in
            let cluster = InMemoryCluster()
            return contexts.map { InMemoryClusterAdapter($0, cluster: cluster) }
        }
    }

    @Test("A server that does not answer is missing from a list, and said to be")
    func deafServer() async throws {
        let cluster = InMemoryCluster()
        let adapters = (0..<2).map { _ in
            InMemoryClusterAdapter<ContractMember>(
                AdapterContext(namespace: "/", host: ContractHost()), cluster: cluster, patience: .milliseconds(50))
        }
        cluster.deafen(adapters[1].server)
        let list = await adapters[0].members(BroadcastTarget(), flags: BroadcastFlags())
        #expect(!list.isComplete && list.members.isEmpty)
        for adapter in adapters { adapter.close() }
    }
}
