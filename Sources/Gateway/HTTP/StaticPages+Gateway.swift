internal import NIOCore

extension StaticPages {
    /// Everything that a gateway serves: the JavaScript client always, the demonstration's pages only with `demo`.
    static func gateway(demo: Bool, bundle: [String: ByteBuffer] = ClientBundle.load()) -> StaticPages {
        var pages = StaticPages()
        for (name, body) in bundle {
            pages.add(
                path: "/socket.io/\(name)",
                contentType: name.hasSuffix(".map") ? "application/json" : "text/javascript; charset=utf-8",
                body: body,
                // Pages of other origins load it, as from any CDN.
                headers: [
                    ("Cache-Control", "public, max-age=0"), ("Cross-Origin-Resource-Policy", "cross-origin"),
                    ("Access-Control-Allow-Origin", "*"),
                ]
            )
        }
        if demo {
            for (path, file) in PageFile.all {
                pages.add(
                    path: path, contentType: file.contentType, body: file.body, headers: PageFile.securityHeaders
                )
            }
        }
        return pages
    }
}
