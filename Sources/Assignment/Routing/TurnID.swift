/// The name of a bot's turn: the visitor's turn to be answered, in one stretch of the bot's having the chat.
///
/// It is made of what the fences go by, so that nothing has to be kept of a turn: the epoch, which a take-over moves, and the
/// number of the message that the turn is about, to which a bot posts one answer.
package struct TurnID: Sendable, Hashable, CustomStringConvertible {
    package var epoch: Int64
    /// The chat's last public message when the turn began.
    package var seq: Int64

    package init(epoch: Int64, seq: Int64) {
        self.epoch = epoch
        self.seq = seq
    }

    /// - Returns: nil for text that never was the name of a turn.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = Int64(parts[0]), let seq = Int64(parts[1]), epoch >= 1, seq >= 1 else {
            return nil
        }
        self.init(epoch: epoch, seq: seq)
        // One spelling only: "+1.01" names nothing.
        guard self.description == text else { return nil }
    }

    package var description: String { "\(self.epoch).\(self.seq)" }
}
