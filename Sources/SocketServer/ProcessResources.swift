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
}
