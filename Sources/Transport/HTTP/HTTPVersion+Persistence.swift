internal import NIOHTTP1

extension HTTPVersion {
    /// Whether connections stay open by default and bodies may be chunked: HTTP/1.1 and later.
    var isPersistent: Bool { major > 1 || major == 1 && minor >= 1 }
}
