internal import Storage
internal import Yams

/// Queues and commercials.
extension WorkspaceFile {
    static let levels = 1...100
    private static let tiers = 1...10
    private static let weights = 0.25...10.0

    mutating func readQueues(_ list: YAMLValue?) {
        self.queues = Self.entries(list, named: \.name, Self.queue)
        guard let list, list.isList else { return }
        self.overflowQueues = (list.list() ?? []).compactMap { $0.member("overflow") }.filter(\.isList)
            .flatMap { $0.list() ?? [] }.compactMap { $0.member("queues") }.filter(\.isList)
            .flatMap { $0.list() ?? [] }
            .compactMap { item in item.node.string.map { Entry(value: $0, place: item.place) } }
    }

    private static func queue(_ item: YAMLValue) -> QueueSettings? {
        item.fields { fields in
            var queue = QueueSettings(name: fields.required("name")?.text() ?? "")
            queue.autoAccept = fields.optional("autoAccept")?.flag()
            queue.offerTimeoutMilliseconds = fields.optional("offerTimeout")?.duration()?.inMilliseconds
            queue.languages = Self.languages(fields.optional("languages"))
            queue.skills = fields.optional("skills")?.levels(in: Self.levels) ?? [:]
            queue.weight = fields.optional("weight")?.number(in: Self.weights) ?? 1
            queue.policy = fields.optional("policy").flatMap(Self.policy)
            queue.stickyHoldMilliseconds = fields.optional("stickyHold")?.durationOrNone()?.inMilliseconds
            queue.relaxation = Self.relaxation(fields.optional("relax"))
            queue.overflow = Self.overflow(fields.optional("overflow"), of: queue.name)
            queue.hours = fields.optional("hours").flatMap(Self.hours)
            queue.wrapUpMilliseconds = fields.optional("wrapUp")?.durationOrNone()?.inMilliseconds ?? 0
            queue.autoCloseMilliseconds = fields.optional("autoClose")?.durationOrNone()?.inMilliseconds
            queue.abandonMilliseconds = fields.optional("abandonAfter")?.durationOrNone()?.inMilliseconds
            return queue
        }
    }

    mutating func readCommercials(_ list: YAMLValue?) {
        self.commercials = Self.entries(list, named: \.id, Self.commercial)
    }

    private static func commercial(_ item: YAMLValue) -> Commercial? {
        item.fields { fields in
            let id = fields.required("id")?.text() ?? ""
            let cap = fields.optional("cap")?.integer(in: 0...1000)
            let skills = fields.optional("skills")?.levels(in: Self.levels) ?? [:]
            let languages = Self.languages(fields.optional("languages"))
            let avatar = fields.optional("avatarUrl")?.secureAddress(suchAs: "https://shop.example/ana.png")
            let gap = fields.optional("minGap")?.durationOrNone()?.inMilliseconds
            let queues = (fields.optional("queues")?.members() ?? []).compactMap { name, value in
                value.integer(in: Self.tiers).map { (name: name, tier: $0, place: value.place) }
            }
            let tiers = Dictionary(queues.map { ($0.name, $0.tier) }, uniquingKeysWith: { first, _ in first })
            return Commercial(
                id: id, cap: cap,
                profile: CommercialProfile(
                    languages: languages, skills: skills, tiers: tiers, minGapMilliseconds: gap),
                queues: queues, avatarURL: avatar)
        }
    }

    /// Tags such as `es` or `es-AR`, compared as they are written.
    private static func languages(_ value: YAMLValue?) -> Set<String> {
        var languages: Set<String> = []
        for item in value?.list() ?? [] {
            guard let tag = item.text(atMost: 35) else { continue }
            guard tag.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }) else {
                item.fail("\"\(tag)\" is no language such as es or pt-BR")
                continue
            }
            if !languages.insert(tag).inserted { item.fail("\"\(tag)\" is there twice") }
        }
        return languages
    }
}
