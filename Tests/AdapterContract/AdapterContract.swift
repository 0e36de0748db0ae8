internal import NIOCore
package import SocketIO
internal import Testing

/// What any adapter must do, whatever it is made of.
///
///     @Test(arguments: AdapterContract.rules(servers: 3))
///     func holds(_ rule: AdapterContract.Rule) async throws {
///         try await rule.check { contexts in contexts.map { MyAdapter($0, broker: broker) } }
///     }
///
/// ``recoveryRules`` come on top for an adapter that recovers sessions.
package enum AdapterContract {
    /// Makes one adapter for each context, all of one namespace: a cluster of as many servers.
    package typealias Factory =
        @Sendable (_ contexts: [AdapterContext<ContractMember>]) async throws -> [any Adapter<ContractMember>]

    /// One thing that must hold.
    package struct Rule: Sendable, CustomTestStringConvertible {
        package let testDescription: String
        /// How many servers it needs.
        package let servers: Int
        /// What the application wants of recovery; nil for none.
        let recovery: RecoveryConfiguration?
        let body: @Sendable ([ContractServer]) async throws -> Void

        init(
            _ description: String, servers: Int = 1, recovery: RecoveryConfiguration? = nil,
            _ body: @escaping @Sendable ([ContractServer]) async throws -> Void
        ) {
            self.testDescription = description
            self.servers = servers
            self.recovery = recovery
            self.body = body
        }

        /// Makes the cluster, tries the rule and ends the cluster.
        package func check(_ makeAdapters: Factory) async throws {
            let hosts = (0..<self.servers).map { _ in ContractHost() }
            let contexts = hosts.map {
                AdapterContext<ContractMember>(namespace: "/contract", host: $0, recovery: self.recovery)
            }
            let adapters = try await makeAdapters(contexts)
            let servers = zip(adapters, hosts).map(ContractServer.init)
            let result: Result<Void, any Error>
            do {
                result = .success(try await self.body(servers))
            } catch {
                result = .failure(error)
            }
            for adapter in adapters { adapter.close() }
            try result.get()
        }
    }

    /// The rules that can be tried with so many servers.
    package static func rules(servers: Int) -> [Rule] {
        (MembershipRules.all + BroadcastRules.all + ClusterRules.all + ServerRules.all + RecoveryRules.none)
            .filter { $0.servers <= servers }
    }

    /// The rules for adapters that recover sessions, besides the others: each with one server.
    package static let recoveryRules = RecoveryRules.all
}

/// One server of a cluster.
struct ContractServer: Sendable {
    let adapter: any Adapter<ContractMember>
    let host: ContractHost

    /// Enters a member and puts it into rooms.
    func enter(_ id: String, _ manner: ContractMember.Manner = .isSilent, in rooms: String...) -> ContractMember {
        let member = ContractMember(id, manner)
        self.adapter.insert(member)
        self.adapter.join(member, rooms: rooms)
        return member
    }

    func emit(_ event: String, to rooms: String..., except: [String] = [], flags: BroadcastFlags = BroadcastFlags()) {
        self.adapter.broadcast(
            BroadcastEvent(event), to: BroadcastTarget(rooms: rooms, except: except), flags: flags)
    }

    /// What a member was sent, up to the event `end`.
    func names(_ member: ContractMember) async -> [String] { await self.host.events(of: member).map(\.name) }

    func ask(
        _ event: String, of rooms: String..., milliseconds: Int64 = 10_000, flags: BroadcastFlags = BroadcastFlags()
    ) async -> BroadcastAnswers {
        await withCheckedContinuation { continuation in
            self.adapter.ask(
                BroadcastEvent(event, ["?"]), of: BroadcastTarget(rooms: rooms), flags: flags,
                timeout: .milliseconds(milliseconds)
            ) { continuation.resume(returning: $0) }
        }
    }

    func askServers(_ event: String, milliseconds: Int64 = 10_000) async -> BroadcastAnswers {
        await withCheckedContinuation { continuation in
            self.adapter.serverSideAsk(BroadcastEvent(event, [1]), timeout: .milliseconds(milliseconds)) {
                continuation.resume(returning: $0)
            }
        }
    }
}
