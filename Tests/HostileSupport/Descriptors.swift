internal import Foundation

/// The descriptors of this process, seen from the kernel's side: what no counter of ours can get wrong.
package enum Descriptors {
    /// Descriptors of sockets that were accepted on `port`, the listening one left out.
    package static func serving(port: Int) -> [CInt] {
        let inodes = sockets(localPort: port)
        guard !inodes.isEmpty else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
            guard let target, inodes.contains(target) else { return nil }
            return CInt(name)
        }
    }

    /// `socket:[inode]` of the connections whose own port this is; a client's end has it as the other port.
    private static func sockets(localPort: Int) -> Set<String> {
        let table = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
        let suffix = ":" + String(format: "%04X", localPort)
        var inodes: Set<String> = []
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            let listening = "0A"
            guard fields.count > 9, fields[1].hasSuffix(suffix), fields[3] != listening else { continue }
            inodes.insert("socket:[\(fields[9])]")
        }
        return inodes
    }
}
