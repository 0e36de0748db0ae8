internal import NIOCore

/// The text form of packets: `<type>[<n>-][<namespace>,][<id>][<json>]`.
enum PacketDecoder {
    /// A packet, and how many binary messages follow it before it is complete.
    struct Header: Sendable, Hashable {
        var packet: SocketPacket
        var attachments: Int
    }

    static func decode(_ buffer: ByteBuffer, limits: PacketLimits) throws(PacketError) -> Header {
        var rest = buffer
        let type = rest.readInteger(as: UInt8.self)
        let attachments: Int
        switch type {
        case 0x30, 0x31, 0x32, 0x33, 0x34:
            attachments = 0
        case 0x35, 0x36:
            attachments = try self.readAttachmentCount(&rest, limits: limits)
        default:
            throw .unknownType
        }
        let namespace = try self.readNamespace(&rest, limits: limits)
        let id = try self.readID(&rest, type: type)
        let packet = try self.packet(type: type, namespace: namespace, id: id, payload: rest, limits: limits)
        if attachments > 0 { try self.checkPlaceholders(rest, attachments: attachments) }
        return Header(packet: packet, attachments: attachments)
    }

    /// Puts a packet together from its fields, whatever they were written in.
    ///
    /// - Parameters:
    ///   - type: the digit of the text form.
    ///   - payload: JSON, empty where there is none.
    static func packet(
        type: UInt8?, namespace: String, id: UInt64?, payload: ByteBuffer, limits: PacketLimits
    ) throws(PacketError) -> SocketPacket {
        switch type {
        case 0x30, 0x34:
            guard id == nil else { throw .invalidID }
            let data = try self.object(payload)
            return SocketPacket(type == 0x30 ? .connect : .connectError, namespace: namespace, data: data)
        case 0x31:
            guard id == nil else { throw .invalidID }
            guard payload.readableBytes == 0 else { throw .invalidPayload }
            return SocketPacket(.disconnect, namespace: namespace)
        case 0x33, 0x36:
            guard let id else { throw .invalidID }
            return SocketPacket(.ack, namespace: namespace, id: id, arguments: try self.ackArguments(payload))
        default:
            return try self.event(payload, namespace: namespace, id: id, limits: limits)
        }
    }

    // MARK: Header fields

    private static func readAttachmentCount(
        _ buffer: inout ByteBuffer, limits: PacketLimits
    ) throws(PacketError) -> Int {
        guard let count = self.readDigits(&buffer), buffer.readInteger(as: UInt8.self) == UInt8(ascii: "-"),
            count >= 1, count <= UInt64(limits.attachments)
        else { throw .illegalAttachments }
        return Int(count)
    }

    private static func readNamespace(
        _ buffer: inout ByteBuffer, limits: PacketLimits
    ) throws(PacketError) -> String {
        guard buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) == UInt8(ascii: "/") else { return "/" }
        let view = buffer.readableBytesView
        let window = view.prefix(limits.namespaceLength + 1)
        guard let comma = window.firstIndex(of: UInt8(ascii: ",")) else {
            return try self.readUnusualNamespace(&buffer, limits: limits)
        }
        let name = buffer.readString(length: comma - view.startIndex) ?? "/"
        buffer.moveReaderIndex(forwardBy: 1)
        return name
    }

    /// A name that the message ends with, or one with a long query behind it.
    private static func readUnusualNamespace(
        _ buffer: inout ByteBuffer, limits: PacketLimits
    ) throws(PacketError) -> String {
        let view = buffer.readableBytesView
        var bound = limits.namespaceLength
        if view.prefix(bound).contains(UInt8(ascii: "?")) { bound += limits.queryLength }
        let window = view.prefix(bound + 1)
        let end = window.firstIndex(of: UInt8(ascii: ",")) ?? window.endIndex
        let length = end - window.startIndex
        guard length <= bound else { throw .namespaceTooLong }
        let name = buffer.readString(length: length) ?? "/"
        // The comma, unless the message ended first.
        if buffer.readableBytes > 0 { buffer.moveReaderIndex(forwardBy: 1) }
        return name
    }

    private static func readID(_ buffer: inout ByteBuffer, type: UInt8?) throws(PacketError) -> UInt64? {
        guard let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self), first <= 0x39 else { return nil }
        guard first >= 0x30 else {
            // Where a number may stand the official parser takes a blank for 0. In a CONNECT it is the JSON's.
            if JSONGrammar.isBlank(first), type != 0x30, type != 0x34 { throw .invalidID }
            return nil
        }
        guard let id = self.readDigits(&buffer) else { throw .invalidID }
        return id
    }

    /// At least one ASCII digit and at most 16, up to 2^53-1; nil otherwise.
    private static func readDigits(_ buffer: inout ByteBuffer) -> UInt64? {
        var value: UInt64 = 0
        var count = 0
        for byte in buffer.readableBytesView {
            guard (0x30...0x39).contains(byte) else { break }
            count += 1
            guard count <= 16 else { return nil }
            value = value &* 10 &+ UInt64(byte &- 0x30)
        }
        guard count > 0, value <= SocketPacket.maximumID else { return nil }
        buffer.moveReaderIndex(forwardBy: count)
        return value
    }

    // MARK: Payload

    private static func scan(_ buffer: ByteBuffer) throws(PacketError) -> JSONOutline {
        do {
            return try JSONReader.scan(buffer)
        } catch {
            throw .invalidJSON(error.code)
        }
    }

    /// Nothing, or an object.
    private static func object(_ buffer: ByteBuffer) throws(PacketError) -> ByteBuffer {
        guard buffer.readableBytes > 0 else { return buffer }
        guard try self.scan(buffer).kind == .object else { throw .invalidPayload }
        return buffer
    }

    /// Nothing, or an array.
    private static func ackArguments(_ buffer: ByteBuffer) throws(PacketError) -> EventArguments {
        guard buffer.readableBytes > 0 else { return EventArguments() }
        let outline = try self.scan(buffer)
        guard outline.kind == .array else { throw .invalidPayload }
        return EventArguments(json: buffer.slice(outline.inside))
    }

    private static func event(
        _ buffer: ByteBuffer, namespace: String, id: UInt64?, limits: PacketLimits
    ) throws(PacketError) -> SocketPacket {
        guard buffer.readableBytes > 0 else { throw .invalidPayload }
        let outline = try self.scan(buffer)
        guard outline.kind == .array, outline.elementCount > 0 else { throw .invalidPayload }
        guard outline.first.count <= limits.nameLength else { throw .invalidName }
        let name: String
        switch outline.firstKind {
        case .number:
            name = String(buffer: buffer.slice(outline.first))
        case .string where !outline.firstHasEscapes:
            name = String(buffer: buffer.slice((outline.first.lowerBound + 1)..<(outline.first.upperBound - 1)))
        case .string:
            let values = try? JSONReader.decodeListLeniently(buffer.slice(outline.first))
            name = values?.first?.string ?? ""
        default:
            throw .invalidPayload
        }
        guard !SocketPacket.isReserved(name) else { throw .invalidName }
        return SocketPacket(
            .event, namespace: namespace, id: id, name: name,
            arguments: EventArguments(json: buffer.slice(outline.rest)))
    }

    // MARK: Placeholders

    /// Every placeholder must name one of the attachments; attachments without placeholder are nobody's harm.
    private static func checkPlaceholders(_ json: ByteBuffer, attachments: Int) throws(PacketError) {
        guard json.readableBytes > 0 else { return }
        let values: [JSONValue]
        do {
            values = try JSONReader.decodeListLeniently(json)
        } catch {
            throw .invalidJSON(error.code)
        }
        var pending = values
        while let value = pending.popLast() {
            switch value {
            case .array(let elements):
                pending.append(contentsOf: elements)
            case .object(let object):
                if object["_placeholder"] == .bool(true) {
                    guard let number = object["num"]?.int, (0..<attachments).contains(number) else {
                        throw .illegalAttachments
                    }
                } else {
                    pending.append(contentsOf: object.members.map(\.value))
                }
            default:
                continue
            }
        }
    }
}
