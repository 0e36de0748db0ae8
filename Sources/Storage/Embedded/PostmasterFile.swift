internal import Foundation
internal import Glibc

/// What a running server tells about itself in `postmaster.pid` (`src/include/utils/pidfile.h`).
struct PostmasterFile: Equatable {
    var process: Int32
    var port: Int
    var socketDirectory: String
    var isReady: Bool

    /// `nil` for a file that is not complete, as in the server's first moments.
    init?(parsing text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard lines.count >= 8, let process = Int32(lines[0]), process > 1, let port = Int(lines[3]),
            lines[4].hasPrefix("/")
        else { return nil }
        self.process = process
        self.port = port
        self.socketDirectory = lines[4]
        self.isReady = lines[7] == "ready"
    }

    /// The process that the cluster's file names, whatever became of it.
    static func process(cluster: String) -> Int32? {
        let text = try? String(contentsOfFile: "\(cluster)/postmaster.pid", encoding: .utf8)
        return text?.split(separator: "\n").first.flatMap { Int32($0) }.flatMap { $0 > 1 ? $0 : nil }
    }

    /// The process that the cluster's file names, if it lives and is this cluster's server.
    static func livingProcess(cluster: String) -> Int32? {
        Self.process(cluster: cluster).flatMap { Self.isServer($0, of: cluster) ? $0 : nil }
    }

    /// Whether a process is the server of a cluster: a server's working directory is its data directory.
    static func isServer(_ process: Int32, of cluster: String) -> Bool {
        guard process > 1, kill(process, 0) == 0 || errno == EPERM else { return false }
        // A process that has ended but was not yet waited for still answers signals.
        guard Self.state(of: process) != "Z" else { return false }
        guard let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd") else {
            return false
        }
        return directory == cluster
    }

    /// Whether a process has ended, and nobody has waited for it yet.
    static func hasEnded(_ process: Int32) -> Bool { Self.state(of: process) == "Z" }

    private static func state(of process: Int32) -> Character? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].first { $0 != " " }
    }
}
