internal import Dispatch
internal import Foundation
internal import SocketServer
internal import Transport

/// What there is of everything that comes and goes, over all listeners: a line of JSON for each SIGUSR1.
enum Gauges {
    static func tell(
        of servers: [(transport: TransportServer, sockets: SocketServer?)]
    ) -> any DispatchSourceSignal {
        signal(SIGUSR1, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGUSR1, queue: .global())
        source.setEventHandler {
            Task {
                let text = await Self.read(servers).sorted { $0.key < $1.key }
                    .map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
                FileHandle.standardOutput.write(Data("{\(text)}\n".utf8))
            }
        }
        source.resume()
        return source
    }

    private static func read(
        _ servers: [(transport: TransportServer, sockets: SocketServer?)]
    ) async -> [String: Int] {
        var sum: [String: Int] = [:]
        for (transport, sockets) in servers {
            let metrics = await transport.metrics()
            let gauges = [
                "connections": metrics.connectionsOpen, "sessions": metrics.sessionsOpen,
                "polling sessions": metrics.sessionsPolling, "registered sessions": transport.sessionCount,
                "timers": metrics.timers, "pending bytes": metrics.pendingBytes,
                "protocol timers": sockets?.pendingTimers ?? 0, "handlers": sockets?.runningHandlers ?? 0,
                "members": sockets?.namespaces.reduce(0) { $0 + $1.socketCount } ?? 0,
            ]
            sum.merge(gauges) { $0 + $1 }
        }
        return sum
    }
}
