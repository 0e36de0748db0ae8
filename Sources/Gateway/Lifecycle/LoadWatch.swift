internal import CMemory
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Storage
internal import Synchronization
internal import Transport

/// Looks ten times a second how late everything is and how much memory is taken, and sets the level of admission by it.
struct LoadWatch: Service {
    private static let interval: Duration = .milliseconds(100)
    /// Samples between two attempts to get memory back.
    private static let samplesBetweenReliefs = 10

    let load: LoadLevel
    let database: Database
    let loops: any EventLoopGroup
    let transport: TransportServer
    /// Bytes that the process may have; nil where nobody says.
    let memoryLimit: Int?
    let limits: LimitSettings
    let logger: Logger

    /// How late one loop is.
    private final class Probe: Sendable {
        private let state = Mutex<(sent: NIODeadline?, last: TimeAmount)>((nil, .zero))
        private let loop: any EventLoop

        init(_ loop: any EventLoop) { self.loop = loop }

        /// What is known now; asks again unless an answer is still to come.
        func lag(now: NIODeadline = .now()) -> TimeAmount {
            let (lag, asks) = self.state.withLock { state -> (TimeAmount, Bool) in
                if let sent = state.sent { return (now - sent, false) }
                state.sent = now
                return (state.last, true)
            }
            if asks { self.loop.execute { self.answered() } }
            return lag
        }

        private func answered() {
            self.state.withLock { state in
                state.last = state.sent.map { NIODeadline.now() - $0 } ?? .zero
                state.sent = nil
            }
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var control = AdmissionControl(
                bounds: .init(queueDelay: self.limits.queueDelay, loopLag: self.limits.loopLag),
                countsDelays: self.limits.enabled)
            let probes = self.loops.makeIterator().map { Probe($0) }
            var number = 0
            while !Task.isCancelled {
                let lag = probes.map { $0.lag() }.max() ?? .zero
                control.observe(
                    AdmissionControl.Sample(
                        queueDelay: self.database.longestWait, loopLag: .nanoseconds(lag.nanoseconds),
                        memory: self.memoryLimit.map { Double(ProcessMemory.resident) / Double($0) } ?? 0),
                    now: .now)
                self.apply(control)
                if control.isShortOfMemory, number % Self.samplesBetweenReliefs == 0 { await self.relieve() }
                number += 1
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    /// What waits for those who do not read is the memory that can be had back at once; they find it again. What was freed
    /// before may still be the process's: it is counted until the system has it back.
    private func relieve() async {
        await self.transport.closeCongestedSessions()
        try? await NIOThreadPool.singleton.runIfActive { puente_return_free_memory() }
    }

    private func apply(_ control: AdmissionControl) {
        self.load.isShortOfMemory = control.isShortOfMemory
        let (before, level) = (self.load.level, control.level)
        guard level != before else { return }
        self.load.level = level
        self.logger.log(
            level: level > before ? .warning : .notice, level > before ? "taking on less" : "taking on more",
            metadata: [
                LogKey.reason.rawValue: "\(control.isShortOfMemory ? "memory" : "delay")",
                LogKey.status.rawValue: "\(level)",
            ])
    }
}

/// The memory of this process, and how much it may have.
enum ProcessMemory {
    /// Bytes in use, as the kernel counts them.
    static var resident: Int {
        guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
        let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        let (bytes, overflow) = pages.multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
        return overflow ? .max : bytes
    }

    /// What the process's cgroup allows, as containers and systemd set it.
    static var limitOfGroup: Int? {
        guard let data = FileManager.default.contents(atPath: "/proc/self/cgroup") else { return nil }
        return Self.group(in: String(decoding: data, as: UTF8.self)).flatMap { group in
            FileManager.default.contents(atPath: "/sys/fs/cgroup\(group)/memory.max")
                .flatMap { Self.limit(in: String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// The path in the line `0::/…` of cgroups(7), version 2.
    static func group(in text: String) -> String? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("0::/") }
        return line.map { $0 == "0::/" ? "" : String($0.dropFirst(3)) }
    }

    /// `max` is none.
    static func limit(in text: String) -> Int? { Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) }
}
