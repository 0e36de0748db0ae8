internal import Assignment
internal import SocketIO
internal import Storage

extension Audience {
    /// Visitor, staff in the room and every bot get the same form, so that it is encoded once.
    func message(_ posted: MessagePosted) -> [Outgoing] {
        let (rooms, except) = self.reach(of: posted)
        var outgoing = [
            Outgoing(
                event: "message:new",
                body: self.numbered(MessageForm.message(posted.message, chat: posted.chat)),
                rooms: rooms, except: except, exceptSocket: self.origin)
        ]
        if posted.message.sender.role == .visitor, let bot = posted.chat.bot {
            let turn = TurnID(epoch: posted.chat.epoch, seq: posted.message.seq)
            outgoing.append(
                Outgoing(
                    event: "bot:turn", body: TurnForm.turn(turn, base: self.base(), reason: "message"),
                    rooms: [.bot(self.workspace, bot)]))
        }
        return outgoing
    }

    /// To the bot whose turn it is, on whichever socket.
    func turn(_ began: TurnBegan) -> [Outgoing] {
        let turn = TurnID(epoch: began.chat.epoch, seq: began.seq)
        var body = TurnForm.turn(turn, base: self.base(), reason: began.reason)
        if let human = began.human {
            body["human"] = ["fromSeq": .int(human.fromSeq), "toSeq": .int(human.toSeq)]
        }
        body.set("note", began.note)
        return [Outgoing(event: "bot:turn", body: body, rooms: [.bot(self.workspace, began.bot)])]
    }

    /// Who hears a message: asked before its form is made, because most often nobody else is there.
    func reach(of posted: MessagePosted) -> (rooms: [Room], except: [Room]) {
        // The bot whose turn a visitor's message begins is among the bots.
        ([self.publicRoom, self.staffRoom, self.bots], self.ownEcho(of: posted.message.sender))
    }

    func note(_ posted: NotePosted) -> [Outgoing] {
        let body = self.numbered(MessageForm.note(posted.note, chat: posted.chat))
        if let recipient = posted.note.recipient {
            // To whom it is whispered, and to supervisors who are in the chat: not to colleagues who read along, nor to bots.
            let person = Room.user(self.workspace, recipient)
            return [
                Outgoing(event: "message:new", body: body, rooms: [person], exceptSocket: self.origin),
                Outgoing(
                    event: "message:new", body: body, rooms: [self.staffRoom],
                    except: [person, self.agents, self.bots], exceptSocket: self.origin),
            ]
        }
        return [
            Outgoing(
                event: "message:new",
                body: body,
                rooms: [self.staffRoom, self.bots],
                except: self.ownEcho(of: posted.note.sender), exceptSocket: self.origin)
        ]
    }

    /// To staff: a visitor is not told what is made of their words.
    func mood(_ mood: MoodChanged) -> [Outgoing] {
        var body = self.base()
        body["score"] = .number(JSONNumber(mood.score))
        body["label"] = .string(mood.label)
        body["trend"] = .string(mood.trend)
        return [
            Outgoing(event: "sentiment:updated", body: body, rooms: [self.staffRoom, self.supervisors, self.bots])
        ]
    }

    func receipt(_ read: Storage.MessageRead) -> [Outgoing] {
        var body = self.base()
        body["actor"] = .participant(read.reader)
        body["readSeq"] = .int(read.readSeq)
        body["at"] = .time(read.at)
        let staff = [self.staffRoom, self.bots]
        return [
            Outgoing(
                event: "message:receipt", body: body,
                rooms: read.isForStaff ?? false ? staff : [self.publicRoom] + staff,
                except: self.ownEcho(of: read.reader), exceptSocket: self.origin)
        ]
    }

    private func numbered(_ form: JSONObject) -> JSONObject {
        JSONObject([.init(key: "eventId", value: .string(String(self.event.outboxID)))] + form.members)
    }

    /// A bot never hears itself on any socket: one that runs in several processes would answer itself.
    private func ownEcho(of sender: Participant) -> [Room] {
        sender.role == .ai ? [.bot(self.workspace, sender.id)] : []
    }
}
