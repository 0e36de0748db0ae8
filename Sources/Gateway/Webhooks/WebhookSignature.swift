internal import Crypto
internal import NIOCore

/// `Puente-Signature: t=SECONDS,v1=HEX[,v1=HEX]`: HMAC-SHA256 of `SECONDS.BODY` under each secret of the endpoint.
enum WebhookSignature {
    static func header(secrets: [Secret], seconds: Int64, body: ByteBuffer) -> String {
        var signed = Array("\(seconds).".utf8)
        signed.append(contentsOf: body.readableBytesView)
        let signatures = secrets.map { secret in
            let key = SymmetricKey(data: Array(secret.reveal().utf8))
            return "v1=" + Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: signed, using: key))
        }
        return (["t=\(seconds)"] + signatures).joined(separator: ",")
    }
}
