internal import Foundation
internal import NIOPosix
internal import Synchronization

/// Asks the system for the addresses of names, off every event loop: the call blocks, for as long as a resolver likes, and
/// nobody can end it.
///
/// So it has threads of its own, of which a name has one at most: whoever asks for it meanwhile gets the same answer. Who
/// asks can be cancelled; the call is left to itself.
final class HostLookup: Sendable {
    /// The process's own.
    static let shared = HostLookup()

    private struct State {
        /// Who waits, by the name that is being looked up.
        var waiting: [String: [UInt64: CheckedContinuation<[String]?, Never>]] = [:]
        var lastID: UInt64 = 0
    }

    private let threads: NIOThreadPool
    private let ask: @Sendable (String) -> [String]
    private let state = Mutex(State())

    init(threads: Int = 16, ask: @escaping @Sendable (String) -> [String] = HostLookup.system) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.ask = ask
        self.threads.start()
    }

    deinit {
        self.threads.shutdownGracefully { _ in }
    }

    static func addresses(of host: String) async throws(WebhookFailure) -> [String] {
        try await Self.shared.addresses(of: host)
    }

    /// - Throws: `timeout` when cancelled.
    func addresses(of host: String) async throws(WebhookFailure) -> [String] {
        let id = self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let found = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFirst = self.state.withLock { state in
                    let isFirst = state.waiting[host] == nil
                    state.waiting[host, default: [:]][id] = continuation
                    return isFirst
                }
                if isFirst { self.begin(host) }
                // The handler came too early to find anybody.
                if Task.isCancelled { self.abandon(id, host) }
            }
        } onCancel: {
            self.abandon(id, host)
        }
        guard let found else { throw .timeout }
        return found
    }

    private func begin(_ host: String) {
        self.threads.submit { state in
            // Shut down: nobody is left who could wait.
            let found = state == .active ? self.ask(host) : []
            let waiting = self.state.withLock { $0.waiting.removeValue(forKey: host) }
            for continuation in (waiting ?? [:]).values { continuation.resume(returning: found) }
        }
    }

    private func abandon(_ id: UInt64, _ host: String) {
        let continuation = self.state.withLock { $0.waiting[host]?.removeValue(forKey: id) }
        continuation?.resume(returning: nil)
    }

    @Sendable static func system(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var texts: [String] = []
        var next = list
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let answer = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            if answer == 0 {
                texts.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }
            next = entry.pointee.ai_next
        }
        return texts
    }
}
