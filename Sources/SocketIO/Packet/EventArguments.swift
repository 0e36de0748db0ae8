package import NIOCore

/// The arguments of an event or an ack: JSON text, decoded only when somebody asks.
///
/// The text is the inside of the packet's array, without brackets and without the event's name, so that arguments
/// that came in can go out again, to an ack or to a room, without being decoded or copied. Binary arguments stand in
/// the text as placeholders (`{"_placeholder":true,"num":0}`) for ``attachments``.
package struct EventArguments: Sendable, Hashable {
    /// JSON values separated by commas; empty when there are no arguments.
    package var json: ByteBuffer
    /// Binary values, in the order of their placeholders' numbers.
    package var attachments: [ByteBuffer]

    /// No arguments.
    package init() {
        self.init(json: ByteBuffer())
    }

    /// Takes text that is known to be a valid list.
    package init(json: ByteBuffer, attachments: [ByteBuffer] = []) {
        self.json = json
        self.attachments = attachments
    }

    /// Encodes values, once.
    package init(_ values: [JSONValue]) {
        var writer = JSONWriter()
        writer.writeList(values)
        self.init(json: writer.buffer)
    }

    /// A single binary value.
    package init(binary: ByteBuffer) {
        self.init(json: ByteBuffer(staticString: #"{"_placeholder":true,"num":0}"#), attachments: [binary])
    }

    package var isEmpty: Bool { self.json.readableBytes == 0 }

    /// Bytes of text and attachments.
    package var byteCount: Int {
        self.attachments.reduce(self.json.readableBytes) { $0 + $1.readableBytes }
    }

    /// Decodes all arguments strictly; see ``JSONReader/decode(_:)-(ByteBuffer)``.
    package func decode() throws(JSONError) -> [JSONValue] {
        try JSONReader.decodeList(self.json)
    }

    /// The first argument decoded, null when there is none, and the others as they came.
    package func splitFirst() throws(JSONError) -> (first: JSONValue, rest: EventArguments) {
        let outline = try JSONReader.scanList(self.json)
        guard outline.elementCount > 0 else { return (.null, self) }
        let first = try JSONReader.decode(self.json.slice(outline.first))
        return (first, EventArguments(json: self.json.slice(outline.rest), attachments: self.attachments))
    }
}

extension EventArguments {
    /// These arguments behind another one, which has no binary values.
    package func prefixed(with value: JSONValue) -> EventArguments {
        var json = value.encoded()
        if !self.isEmpty {
            json.writeInteger(UInt8(ascii: ","))
            json.writeImmutableBuffer(self.json)
        }
        return EventArguments(json: json, attachments: self.attachments)
    }

    /// These arguments before another one, which has no binary values.
    package func appending(_ value: JSONValue) -> EventArguments {
        guard !self.isEmpty else { return EventArguments(json: value.encoded(), attachments: self.attachments) }
        var writer = JSONWriter(into: ByteBufferAllocator().buffer(capacity: self.json.readableBytes + 32))
        writer.buffer.writeImmutableBuffer(self.json)
        writer.buffer.writeInteger(UInt8(ascii: ","))
        writer.write(value)
        return EventArguments(json: writer.buffer, attachments: self.attachments)
    }

    /// One argument, a list of the first argument of each part, null where a part has none; binary values included.
    package static func list(ofFirst parts: [EventArguments]) -> EventArguments {
        var attachments: [ByteBuffer] = []
        let elements = parts.map { part -> JSONValue in
            guard let first = try? part.splitFirst().first else { return .null }
            return part.attachments.isEmpty ? first : first.renumbered(from: part.attachments, into: &attachments)
        }
        var arguments = EventArguments([.array(elements)])
        arguments.attachments = attachments
        return arguments
    }
}

extension JSONValue {
    /// The value with its placeholders numbered as their attachments stand in `list`, to which they are added.
    fileprivate func renumbered(from attachments: [ByteBuffer], into list: inout [ByteBuffer]) -> JSONValue {
        switch self {
        case .array(let elements):
            return .array(elements.map { $0.renumbered(from: attachments, into: &list) })
        case .object(var object):
            if object["_placeholder"] == .bool(true), let number = object["num"]?.int,
                attachments.indices.contains(number)
            {
                object["num"] = .int(list.count)
                list.append(attachments[number])
                return .object(object)
            }
            return .object(
                JSONObject(
                    object.members.map {
                        .init(key: $0.key, value: $0.value.renumbered(from: attachments, into: &list))
                    }))
        default:
            return self
        }
    }
}

extension EventArguments: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSONValue...) {
        self.init(elements)
    }
}

extension ByteBuffer {
    /// A range of the readable bytes as a buffer of its own on the same storage; empty when out of bounds.
    func slice(_ range: Range<Int>) -> ByteBuffer {
        self.getSlice(at: self.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }
}
