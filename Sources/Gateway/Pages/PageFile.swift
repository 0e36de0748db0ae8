internal import NIOCore

/// One file of the demo and the commercial's console, compiled into the executable.
///
/// The files themselves are in `Pages/Site`; SwiftPM embeds them, so the gateway serves them from any directory.
struct PageFile: Sendable {
    /// The value of `Content-Type`.
    let contentType: String
    /// The body, ready to be written.
    let body: ByteBuffer

    /// Headers that go with every page and script of ours: no inline script, no foreign origin, no frames, and
    /// user content can't become markup (`require-trusted-types-for`).
    static let securityHeaders: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            """
            default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
            base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'
            """
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-cache"),
    ]

    /// The file that answers `path`, or nil where there is none.
    ///
    /// - Parameter path: the request's path without its query.
    static subscript(path: String) -> PageFile? { all[path] }

    /// Every path that has a file.
    static let all: [String: PageFile] = [
        "/": html(PackageResources.index_html),
        "/shop.css": css(PackageResources.shop_css),
        "/shop.js": script(PackageResources.shop_js),
        "/widget.css": css(PackageResources.widget_css),
        "/widget.js": script(PackageResources.widget_js),
        "/widget-conversation.js": script(PackageResources.widget_conversation_js),
        "/widget-texts.js": script(PackageResources.widget_texts_js),
        "/commercial.html": html(PackageResources.commercial_html),
        "/commercial.css": css(PackageResources.commercial_css),
        "/commercial.js": script(PackageResources.commercial_js),
        "/commercial-link.js": script(PackageResources.commercial_link_js),
        "/commercial-model.js": script(PackageResources.commercial_model_js),
        "/commercial-offers.js": script(PackageResources.commercial_offers_js),
        "/commercial-texts.js": script(PackageResources.commercial_texts_js),
        "/commercial-view.js": script(PackageResources.commercial_view_js),
        "/commercial-writing.js": script(PackageResources.commercial_writing_js),
        "/favicon.svg": PageFile(contentType: "image/svg+xml", body: ByteBuffer(bytes: PackageResources.favicon_svg)),
    ]

    private static func html(_ bytes: [UInt8]) -> PageFile {
        PageFile(contentType: "text/html; charset=utf-8", body: ByteBuffer(bytes: bytes))
    }

    private static func css(_ bytes: [UInt8]) -> PageFile {
        PageFile(contentType: "text/css; charset=utf-8", body: ByteBuffer(bytes: bytes))
    }

    private static func script(_ bytes: [UInt8]) -> PageFile {
        PageFile(contentType: "text/javascript; charset=utf-8", body: ByteBuffer(bytes: bytes))
    }
}
