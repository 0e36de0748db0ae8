internal import Foundation

/// What the operating system grants this process.
package enum ProcessResources {
    /// The cores that the process may run on, as `taskset` or a container set them; NIO's own count ignores that.
    ///
    /// Read from the kernel's text because `sched_getaffinity` is hidden behind `_GNU_SOURCE`.
    package static var usableCores: Int {
        let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("Cpus_allowed:")
        }
        // A mask in hexadecimal, in groups separated by commas.
        let mask = line?.drop { $0 != ":" }.compactMap(\.hexDigitValue) ?? []
        return max(1, mask.reduce(0) { $0 + $1.nonzeroBitCount })
    }

    /// Raises the soft limit of open files to the hard one; the limit that is then in force.
    @discardableResult
    package static func raiseFileLimit() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 256 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if setrlimit(resource, &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }
}
