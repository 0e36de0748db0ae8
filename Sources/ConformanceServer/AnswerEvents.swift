internal import NIOCore
internal import SocketIO
internal import SocketServer

/// Acks from server to client, and answers of many sizes and scripts.
enum AnswerEvents {
    static func register(on namespace: Namespace) {
        namespace.inLoop.on("ask") { socket, event in
            socket.emit("question", event.arguments) { result in
                if case .success(let answer) = result { socket.emit("answer", answer) }
            }
        }
        namespace.inLoop.on("ask-timeout") { socket, event in
            guard let delay = (try? event.arguments.splitFirst())?.first.int else { return }
            socket.emit("question", timeout: .milliseconds(Int64(delay))) { result in
                switch result {
                case .success(let answer):
                    socket.emit("answer-timeout", answer.prefixed(with: false))
                case .failure:
                    socket.emit("answer-timeout", [true])
                }
            }
        }
        namespace.inLoop.on("ask-room") { socket, event in
            guard let (room, rest) = try? event.arguments.splitFirst(), let room = room.string,
                let (delay, arguments) = try? rest.splitFirst(), let delay = delay.int
            else { return }
            socket.namespace.to(room).timeout(.milliseconds(Int64(delay))).emit("question", arguments) { answers in
                socket.emit(
                    "room-answers",
                    EventArguments.list(ofFirst: answers.responses).prefixed(with: .bool(!answers.isComplete)))
            }
        }
        namespace.inLoop.on("never-ack") { _, _ in }
        namespace.inLoop.on("burst") { socket, event in
            guard let count = (try? event.arguments.splitFirst())?.first.int, count > 0 else { return }
            for item in 0..<count { socket.emit("burst-item", [.int(item)]) }
        }
        namespace.inLoop.on("big-text") { _, event in
            guard let count = event.arguments.size else { return }
            event.ack?(.string(String(repeating: "x", count: count)))
        }
        namespace.inLoop.on("big-binary") { _, event in
            guard let count = event.arguments.size else { return }
            event.ack?.send(EventArguments(binary: ByteBuffer(repeating: 7, count: count)))
        }
        namespace.inLoop.on("unicode") { socket, _ in
            for text in Self.texts { socket.emit("unicode-item", [.string(text)]) }
        }
    }

    private static let texts = [
        "てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string",
        "😀\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}",
        "\u{0}\u{1E}\u{2028}\u{2029}\u{FEFF}", "𝒳𐍈",
    ]
}

extension EventArguments {
    /// The first argument as a number of bytes, at most 64 MiB.
    fileprivate var size: Int? {
        guard let size = (try? self.splitFirst())?.first.int, (0...64 << 20).contains(size) else { return nil }
        return size
    }
}
