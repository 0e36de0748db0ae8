import NIOCore
import Testing

@testable import SocketIO

@Suite struct PacketReassemblerTests {
    private let start = NIODeadline.uptimeNanoseconds(1)
    private let header = ByteBuffer(
        string: #"52-["m",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)

    @Test func joinsAttachmentsInOrder() throws {
        var reassembler = PacketReassembler()
        #expect(try reassembler.receiveText(self.header, now: self.start) == nil)
        #expect(reassembler.deadline == self.start + .seconds(10))
        #expect(try reassembler.receiveBinary(ByteBuffer(bytes: [1]), now: self.start) == nil)
        let packet = try reassembler.receiveBinary(ByteBuffer(bytes: [2]), now: self.start)
        #expect(packet?.arguments.attachments == [ByteBuffer(bytes: [1]), ByteBuffer(bytes: [2])])
        #expect(reassembler.deadline == nil)
        #expect(try reassembler.receiveText(ByteBuffer(string: #"2["m"]"#), now: self.start)?.name == "m")
    }

    @Test("Row S18: text while attachments are owed, binary when none is")
    func wrongKind() throws {
        var reassembler = PacketReassembler()
        #expect(throws: PacketError.unexpectedAttachment) {
            try reassembler.receiveBinary(ByteBuffer(), now: self.start)
        }
        _ = try reassembler.receiveText(self.header, now: self.start)
        #expect(throws: PacketError.textInsteadOfAttachment) {
            try reassembler.receiveText(ByteBuffer(string: #"2["m"]"#), now: self.start)
        }
    }

    @Test("Row S19: attachments that come too late")
    func deadline() throws {
        var reassembler = PacketReassembler()
        _ = try reassembler.receiveText(self.header, now: self.start)
        _ = try reassembler.receiveBinary(ByteBuffer(), now: self.start + .seconds(9))
        #expect(throws: PacketError.reassemblyTimeout) {
            try reassembler.receiveBinary(ByteBuffer(), now: self.start + .seconds(10))
        }
        #expect(reassembler.deadline == nil)
    }

    @Test func bytesAreCapped() throws {
        var limits = PacketLimits()
        limits.attachmentBytes = 10
        var reassembler = PacketReassembler(limits: limits)
        _ = try reassembler.receiveText(self.header, now: self.start)
        _ = try reassembler.receiveBinary(ByteBuffer(repeating: 0, count: 6), now: self.start)
        #expect(throws: PacketError.attachmentsTooLarge) {
            try reassembler.receiveBinary(ByteBuffer(repeating: 0, count: 5), now: self.start)
        }
    }
}
