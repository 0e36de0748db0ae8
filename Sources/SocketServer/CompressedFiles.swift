internal import Foundation
internal import NIOCore
internal import Synchronization
internal import Transport

/// The compressed forms of the client bundle's files: found beside them, or made once.
final class CompressedFiles: Sendable {
    private struct Key: Hashable {
        var name: String
        var coding: ContentCoding
    }

    private let bodies: Mutex<[Key: ByteBuffer]>
    private let brotli: Set<String>

    init(folder: String, names: some Sequence<String>) {
        var bodies: [Key: ByteBuffer] = [:]
        for name in names {
            for (coding, suffix) in [(ContentCoding.brotli, "br"), (.gzip, "gz")] {
                guard let data = FileManager.default.contents(atPath: "\(folder)/\(name).\(suffix)") else { continue }
                bodies[Key(name: name, coding: coding)] = ByteBuffer(bytes: data)
            }
        }
        self.brotli = Set(bodies.keys.filter { $0.coding == .brotli }.map(\.name))
        self.bodies = Mutex(bodies)
    }

    /// The codings that a file can be had in, the smallest first; brotli only where somebody put it there.
    func codings(of name: String) -> [ContentCoding] {
        self.brotli.contains(name) ? [.brotli, .gzip, .deflate] : [.gzip, .deflate]
    }

    /// The compressed form; nil if it cannot be made.
    func body(of name: String, file: ByteBuffer, coding: ContentCoding) -> ByteBuffer? {
        let key = Key(name: name, coding: coding)
        // Whoever asks meanwhile waits some milliseconds instead of doing the same work.
        return self.bodies.withLock { bodies in
            if let body = bodies[key] { return body }
            let body = ResponseCompressor().compress(file, coding: coding)
            bodies[key] = body
            return body
        }
    }
}
