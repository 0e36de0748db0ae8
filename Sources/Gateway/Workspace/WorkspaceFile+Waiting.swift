internal import Assignment
internal import Storage

/// What happens to chats of a queue the longer they wait.
extension WorkspaceFile {
    static func policy(_ value: YAMLValue) -> RoutingPolicy? {
        guard let text = value.text() else { return nil }
        guard let policy = RoutingPolicy(rawValue: text) else {
            let known = RoutingPolicy.allCases.map(\.rawValue).joined(separator: ", ")
            value.fail("\"\(text)\" is not one of \(known)")
            return nil
        }
        return policy
    }

    /// `- {after: 30s, lower: 1}`
    static func relaxation(_ list: YAMLValue?) -> [RelaxStep] {
        Self.steps(list, after: \.afterMilliseconds) { after, item, fields in
            // Asked for first, so that what is there is known.
            let (lower, without) = (fields.optional("lower"), fields.optional("without"))
            let anyLanguage = fields.optional("anyLanguage")
            if lower == nil, without == nil, anyLanguage == nil { item.fail("needs lower, without or anyLanguage") }
            return RelaxStep(
                afterMilliseconds: after, lowersLevelsBy: lower?.integer(in: Self.levels) ?? 0,
                without: Set((without?.list() ?? []).compactMap { $0.text() }),
                anyLanguage: anyLanguage?.flag() ?? false)
        }
    }

    /// `- {after: 60s, queues: [support]}`, `- {after: 3m, queues: any}`, `- {after: 10m, offline: true}`
    static func overflow(_ list: YAMLValue?, of queue: String) -> [OverflowStep] {
        var isOver = false
        return Self.steps(list, after: \.afterMilliseconds) { after, item, fields in
            if isOver { item.fail("comes after the step in which the visitor leaves word") }
            switch (fields.optional("queues"), fields.optional("offline")) {
            case (nil, let offline?):
                if offline.flag() == false { offline.fail("is true or not there") }
                isOver = true
                return OverflowStep(afterMilliseconds: after, target: .offlineForm)
            case (let queues?, nil):
                return OverflowStep(afterMilliseconds: after, target: Self.target(queues, of: queue))
            case (nil, nil), (_?, _?):
                item.fail("needs either queues or offline")
                return nil
            }
        }
    }

    private static func target(_ value: YAMLValue, of own: String) -> OverflowStep.Target {
        guard value.isList else {
            if value.text() != "any" { value.fail("must be a list of queues, or any") }
            return .anybody
        }
        var names: [String] = []
        for item in value.list() ?? [] {
            guard let name = item.text() else { continue }
            if name == own { item.fail("\"\(name)\" is the queue itself") }
            if names.contains(name) { item.fail("\"\(name)\" is there twice") }
            names.append(name)
        }
        if names.isEmpty { value.fail("names no queue") }
        return .queues(names)
    }

    private static func steps<Step>(
        _ list: YAMLValue?, after time: KeyPath<Step, Int64>,
        _ read: (Int64, YAMLValue, inout YAMLFields) -> Step?
    ) -> [Step] {
        var steps: [Step] = []
        for item in list?.list() ?? [] {
            let step =
                item.fields { fields -> Step? in
                    let after = fields.required("after")?.durationOrNone()?.inMilliseconds ?? 0
                    return read(after, item, &fields)
                } ?? nil
            guard let step else { continue }
            if let last = steps.last, step[keyPath: time] <= last[keyPath: time] {
                item.fail("comes no later than the step before it")
            }
            steps.append(step)
        }
        return steps
    }
}
