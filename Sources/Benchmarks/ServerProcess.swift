internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What a process of this machine has used.
struct ServerProcess {
    private let clock: clockid_t
    private let folder: String

    init(id: pid_t) throws {
        var clock = clockid_t()
        guard clock_getcpuclockid(id, &clock) == 0 else { throw Broken(description: "no process \(id)") }
        self.clock = clock
        self.folder = "/proc/\(id)"
    }

    /// Seconds on a processor, all threads together.
    var processorTime: Double {
        var time = timespec()
        clock_gettime(self.clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes of resident memory.
    var residentBytes: Int {
        guard let text = try? String(contentsOfFile: self.folder + "/smaps_rollup", encoding: .utf8),
            let field = text.firstRange(of: "Rss:"),
            let kilobytes = Int(text[field.upperBound...].drop { $0 == " " }.prefix { $0.isNumber })
        else { return 0 }
        return kilobytes * 1024
    }

    /// Open files, connections among them.
    var descriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: self.folder + "/fd").count) ?? 0
    }
}
