internal import Foundation
internal import HTTPTypes
internal import NIOCore
package import Transport

/// The JavaScript client of Socket.IO, served beside the engine as Node does: `/socket.io/socket.io.js`.
///
/// The files are not part of this repository: the set-up script fetches them into `vendor/socket.io`. They are read
/// once, and served with the version that they name in their first line as their entity tag. A file `socket.io.js.br` or
/// `socket.io.js.gz` beside one is its compressed form; what is not there is compressed when it is first asked for.
package struct ClientBundle: Sendable {
    /// The names that Node serves; nothing else of the folder is read.
    package static let fileNames: Set<String> = [
        "socket.io.js", "socket.io.js.map", "socket.io.min.js", "socket.io.min.js.map",
        "socket.io.msgpack.min.js", "socket.io.msgpack.min.js.map",
        "socket.io.esm.min.js", "socket.io.esm.min.js.map",
    ]

    private let files: [String: ByteBuffer]
    private let compressed: CompressedFiles
    /// Quoted, as HTTP wants it.
    private let entityTag: String

    /// Reads the bundle of a folder; nil where it has none of the files.
    package init?(folder: String) {
        var files: [String: ByteBuffer] = [:]
        for name in Self.fileNames {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            files[name] = ByteBuffer(bytes: data)
        }
        guard !files.isEmpty else { return nil }
        self.files = files
        self.compressed = CompressedFiles(folder: folder, names: files.keys)
        let version = ["socket.io.min.js", "socket.io.js"].lazy.compactMap { files[$0].flatMap(Self.version) }.first
        self.entityTag = "\"\(version ?? "0")\""
    }

    /// The bundle beside the executable (`share/puente/socket.io`), or of the source folder that it was built in
    /// (`vendor/socket.io`). The working directory plays no part.
    package static func find(executable: String = "/proc/self/exe") -> ClientBundle? {
        var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<8 {
            for place in ["share/puente/socket.io", "vendor/socket.io"] {
                if let bundle = ClientBundle(folder: folder.appendingPathComponent(place).path) { return bundle }
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    /// `4.8.1` from `Socket.IO v4.8.1` in the first line's comment.
    private static func version(_ file: ByteBuffer) -> String? {
        let head = String(decoding: file.readableBytesView.prefix(200), as: UTF8.self)
        guard let mark = head.firstRange(of: "Socket.IO v") else { return nil }
        let version = head[mark.upperBound...].prefix { $0.isNumber || $0 == "." }
        return version.isEmpty ? nil : String(version)
    }

    /// Answers a request for one of the files; nil when it is for something else.
    ///
    /// - Parameter path: where the engine is, with a slash at the end.
    package func respond(to request: FallbackRequest, under path: String = "/socket.io/") -> FallbackResponse? {
        guard request.head.method == .get || request.head.method == .head,
            let target = request.head.path?.prefix(while: { $0 != "?" }), target.hasPrefix(path)
        else { return nil }
        let name = String(target.dropFirst(path.count))
        guard let file = self.files[name] else { return nil }
        var headers: HTTPFields = [
            .cacheControl: "public, max-age=0",
            .eTag: self.entityTag,
            .contentType: target.hasSuffix(".map")
                ? "application/json; charset=utf-8" : "application/javascript; charset=utf-8",
            .vary: "Accept-Encoding",
        ]
        if self.isKnown(request.head.headerFields[.ifNoneMatch]) {
            return FallbackResponse(status: .notModified, headers: headers)
        }
        let accepted = request.head.headerFields[.acceptEncoding] ?? ""
        let offered = self.compressed.codings(of: name)
        if let coding = ContentCoding.first(of: offered, acceptEncoding: accepted),
            let body = self.compressed.body(of: name, file: file, coding: coding)
        {
            headers[.contentEncoding] = coding.rawValue
            return FallbackResponse(status: .ok, headers: headers, body: body)
        }
        return FallbackResponse(status: .ok, headers: headers, body: file)
    }

    /// Whether a client has this version already. A weak tag will do: RFC 9110, section 13.1.2.
    private func isKnown(_ ifNoneMatch: String?) -> Bool {
        guard let ifNoneMatch else { return false }
        return ifNoneMatch.split(separator: ",").contains { item in
            let tag = item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            return String(tag) == self.entityTag || String(tag) == "W/" + self.entityTag
        }
    }
}
