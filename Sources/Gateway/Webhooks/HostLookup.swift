internal import Foundation
internal import NIOPosix

/// Asks the system for the addresses of a name, off every event loop: the call blocks.
enum HostLookup {
    static func addresses(of host: String) async throws(WebhookFailure) -> [String] {
        do {
            return try await NIOThreadPool.singleton.runIfActive { Self.ask(host) }
        } catch {
            throw .unresolved
        }
    }

    private static func ask(_ host: String) -> [String] {
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
