internal import Foundation
internal import NIOCore

/// The JavaScript client of Socket.IO, served beside the engine as Node does: `/socket.io/socket.io.js`.
enum ClientBundle {
    /// What may be there; nothing else of the folder is served.
    static let fileNames = [
        "socket.io.js", "socket.io.js.map", "socket.io.min.js", "socket.io.min.js.map",
        "socket.io.msgpack.min.js", "socket.io.msgpack.min.js.map",
        "socket.io.esm.min.js", "socket.io.esm.min.js.map",
    ]

    /// The files of the bundle, by name; empty where there is none.
    ///
    /// Looked for beside the executable (`share/puente/socket.io`), and in `vendor/socket.io` of the folders above it,
    /// where a build from source has it. The working directory plays no part.
    static func load(executable: URL? = Bundle.main.executableURL) -> [String: ByteBuffer] {
        guard let executable else { return [:] }
        var folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<8 {
            for relative in ["share/puente/socket.io", "vendor/socket.io"] {
                let candidate = folder.appendingPathComponent(relative)
                let files = Self.files(in: candidate)
                if !files.isEmpty { return files }
            }
            guard folder.path != "/" else { break }
            folder.deleteLastPathComponent()
        }
        return [:]
    }

    private static func files(in folder: URL) -> [String: ByteBuffer] {
        var files: [String: ByteBuffer] = [:]
        for name in Self.fileNames {
            if let data = try? Data(contentsOf: folder.appendingPathComponent(name)) {
                files[name] = ByteBuffer(bytes: data)
            }
        }
        return files
    }
}
