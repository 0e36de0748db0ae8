package import NIOCore

/// The data of the open packet: what the client must know about its session.
package struct HandshakePayload: Sendable {
    /// The JSON text, keys in the order of the Node server: sid, upgrades, pingInterval, pingTimeout, maxPayload.
    package let json: ByteBuffer

    package init(id: SessionID, transport: TransportName, configuration: EngineConfiguration) {
        var json = ByteBufferAllocator().buffer(capacity: 128)
        json.writeStaticString("{\"sid\":\"")
        id.write(into: &json)
        json.writeStaticString("\",\"upgrades\":[")
        for (index, upgrade) in configuration.upgrades(from: transport).enumerated() {
            json.writeStaticString(index == 0 ? "\"" : ",\"")
            json.writeStaticString(upgrade.name)
            json.writeStaticString("\"")
        }
        json.writeString("],\"pingInterval\":\(configuration.pingInterval.milliseconds)")
        json.writeString(",\"pingTimeout\":\(configuration.pingTimeout.milliseconds)")
        json.writeString(",\"maxPayload\":\(configuration.maxPayload)}")
        self.json = json
    }
}

extension TimeAmount {
    fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
