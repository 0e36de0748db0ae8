/// What a chat takes of a commercial's cap.
package enum ChatWeight {
    /// The share of its weight with which a paused chat still counts: who paused it has to have room for its return.
    package static let pausedShare = 0.25

    /// The weight of a chat's assignment in a state, in hundredths: what the database can hold exactly.
    package static func effective(_ weight: Double, in status: ChatStatus) -> Double {
        guard status.hasAssignment else { return 0 }
        let share = status == .paused ? Self.pausedShare : 1
        return max((weight * share * 100).rounded() / 100, 0.01)
    }
}
