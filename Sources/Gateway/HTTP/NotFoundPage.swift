internal import HTTPTypes
internal import NIOCore
internal import Transport

/// The answer to every path that nobody has. Nothing of the request is repeated in it.
enum NotFoundPage {
    static let response = FallbackResponse(
        status: .notFound,
        headers: [
            .contentType: "text/html; charset=utf-8",
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ],
        body: ByteBuffer(
            string: """
                <!DOCTYPE html>
                <html lang="en">
                <meta charset="utf-8">
                <title>404</title>
                <p>Not found. <span lang="es">No encontrado.</span></p>
                </html>

                """
        )
    )
}
