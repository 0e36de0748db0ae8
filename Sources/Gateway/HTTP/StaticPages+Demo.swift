internal import NIOCore

extension StaticPages {
    /// The demonstration: the shop with its widget, and the commercial's desk. Served only with `--demo`.
    static let demo: StaticPages = {
        var pages = StaticPages()
        for (path, file) in PageFile.all {
            pages.add(path: path, contentType: file.contentType, body: file.body, headers: PageFile.securityHeaders)
        }
        return pages
    }()
}
