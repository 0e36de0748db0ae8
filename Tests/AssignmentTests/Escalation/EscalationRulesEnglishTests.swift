import Testing

@testable import Assignment

/// What English-speaking visitors write, and what it means.
struct EscalationRulesEnglishTests {
    @Test(arguments: [
        "I want to talk to a person",
        "I want to speak to a human, please",
        "TALK TO A HUMAN",
        "talk to a humaaaan",
        "Can I talk to someone?",
        "could I please speak with a real person",
        "I'd like to speak with a representative",
        "I need to speak to your manager",
        "let me talk to a supervisor",
        "transfer me to an agent",
        "Please connect me to a live agent",
        "put me through to a person",
        "get me a human",
        "give me a real person",
        "I don't want to talk to a robot",
        "I do not want to talk to a bot",
        "I'm not talking to a machine",
        "I don't want to keep talking to a bot, get me an agent",
        "I'd rather not talk to a bot",
        "I want to stop talking to a bot",
        "I'm sick of talking to a bot",
        "I hate talking to robots",
        "I refuse to talk to a machine",
        "no more bots",
        "no bots please",
        "is there a human I can talk to?",
        "Is there a real person there?",
        "are there any agents available?",
        "is there someone I can speak to",
        "agent",
        "human please",
        "representative!",
        "real person",
        "speak to an operator",
        "I need a human",
        "I want an agent now",
        "Can a human help me?",
        "I want a real person to help me",
        "how do I talk to an agent?",
        "why can't I talk to a person?",
        "Can't I speak to someone?",
        "If you don't transfer me to a human I give up",
        "No, I want to talk to a human",
        "No I want a human",
        "I want someone who is not a bot",
        "I'd rather talk to a person",
        "I have to speak to a person",
        "please escalate this to a manager",
        "I've been trying to speak to a person for an hour",
        "I want to speak to customer service",
        "thanks, but I would prefer to chat with a human",
        "don't connect me to a bot",
        "Hey, can you put me through to someone?",
        "I would like to be connected to an agent",
        "I want to chat with a live agent",
        "let me speak to a human being",
        "can I get a human",
        "I need to talk with someone from support",
        "this bot is not helping, I want a person",
        "please let me talk to somebody",
        "I only want to speak with a real human",
        "Could you transfer me to a supervisor?",
        "stop. human. now.",
        "I'd like a real person please",
        "tired of chatting with a robot",
        "is anybody real there? I want to talk to a person",
    ])
    func asksForAPerson(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == .explicitRequest, "\(text)")
        #expect(reading.frustration < EscalationThresholds.standard.alert, "a request alone alarms nobody")
        #expect(!reading.evidence.isEmpty)
    }

    @Test(arguments: [
        "I don't need a human",
        "I don't want to talk to a person",
        "no need to talk to a human",
        "please don't transfer me to an agent",
        "I'd rather not talk to a person",
        "I'd rather talk to a bot than to a human",
        "I want to talk to the bot",
        "are you a human?",
        "Are you a bot or a real person?",
        "am I talking to a human?",
        "I'm not talking to a bot, am I?",
        "is this a robot?",
        "a person can use it?",
        "can a person use it twice?",
        "a table for one person",
        "how much is it per person?",
        "one person",
        "I need a person for the cleaning",
        "yesterday I talked to an agent about this",
        "the agent I spoke to was great",
        "my real estate agent told me to write here",
        "do I need to talk to an agent to cancel?",
        "do they want to talk to a person?",
        "I want my customers to talk to a human",
        "is there a person limit on the plan?",
        "I need an agent license",
        "do you sell vacuum robots?",
        "I don't want a robot vacuum",
        "I have a problem with my invoice",
        "it does not work, I get an error",
        "I want to cancel my order",
        "I want to cancel my subscription",
        "please close my account, thank you",
        "I want a refund",
        "I'm leaving for vacation on Monday",
        "sorry for the stupid question, how do I cancel my subscription?",
        "a thief stole my card, please close my account",
        "I'm a lawyer and would like to buy your service",
        "my lawyer recommended your product",
        "I won't sue you, don't worry",
        "can you help me sue my landlord?",
        "where is the legal notice?",
        "my cousin Sue has an account",
        "how do I report a fake profile?",
        "you are awesome",
        "people say this is great",
        "never mind, it works again",
        "?!",
        "are the agents paid well?",
        "I am a person with a disability",
        "the room is for one person",
        "I already spoke with an agent, thanks",
        "can I pay in person?",
        "I want to talk about my invoice",
        "no thanks, the bot is fine",
        "my manager wants an invoice",
        "do you have customer service on sundays?",
        "someone broke into my account",
        "I don't think a human is needed",
        "tell me about your support plans",
    ])
    func asksForNoPerson(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == nil, "\(text) \(reading.evidence)")
    }

    @Test(arguments: [
        "You are useless, I'm switching to a competitor",
        "This is bullshit, cancel my account",
        "IDIOTS! I will never buy from you again",
        "you're all crooks and you just lost a customer",
        "what a pathetic company, I'm taking my business elsewhere",
        "This is a scam. I'm closing my account.",
        "fucking useless, I'm leaving",
        "bunch of liars, I won't be back",
        "this service is garbage and I'm canceling my subscription",
        "you morons, I'm done with you",
    ])
    func insultsAndThreatensToLeave(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == .anger, "\(text)")
        #expect(reading.frustration >= EscalationThresholds.standard.alert)
    }

    @Test(arguments: [
        "I will sue you",
        "I'm going to sue",
        "see you in court",
        "you will hear from my lawyer",
        "I'm calling my lawyer",
        "I am taking legal action",
        "we will take you to court",
        "I'll file a lawsuit",
        "I'm reporting you to the ombudsman",
        "my attorney will be in touch",
    ])
    func threatensWithTheLaw(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == .legalThreat, "\(text)")
        #expect(reading.frustration >= EscalationThresholds.standard.alert)
    }

    @Test(arguments: [
        "you are not stupid, I'm not switching to a competitor",
        "this is bullshit",
        "you are useless",
        "I'm switching to a competitor",
    ])
    func halfOfItIsNotEnough(_ text: String) {
        #expect(EscalationRules.read(text).trigger == nil, "\(text)")
    }
}
