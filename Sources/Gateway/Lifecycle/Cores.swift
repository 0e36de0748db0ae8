internal import Foundation

/// The cores that this process may use.
enum Cores {
    /// By the kernel's affinity mask, as `taskset` and cpusets set it: NIO's own count ignores them. `sched_getaffinity`
    /// itself is not visible to Swift; `/proc` tells the same.
    static var available: Int {
        guard let status = FileManager.default.contents(atPath: "/proc/self/status") else {
            return ProcessInfo.processInfo.activeProcessorCount
        }
        return Self.count(inStatus: String(decoding: status, as: UTF8.self))
            ?? ProcessInfo.processInfo.activeProcessorCount
    }

    /// The number of cores in the line `Cpus_allowed_list:` of proc(5), such as `0-3,8`.
    static func count(inStatus status: String) -> Int? {
        let name = "Cpus_allowed_list:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        var count = 0
        for range in String(line.dropFirst(name.count)).trimmedSpaces.split(separator: ",") {
            let bounds = range.split(separator: "-").compactMap { Int($0) }
            guard let first = bounds.first, let last = bounds.last, last >= first, bounds.count <= 2 else { return nil }
            count += last - first + 1
        }
        return count > 0 ? count : nil
    }
}
