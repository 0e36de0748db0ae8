import Testing

@testable import Assignment

/// What Spanish-speaking visitors write, and what it means.
struct EscalationRulesSpanishTests {
    @Test(arguments: [
        "quiero hablar con una persona",
        "Quiero hablar con un agente, por favor",
        "QUIERO HABLAR CON UN HUMANO!!!",
        "quierooo hablar con una persooona",
        "¿Puedo hablar con alguien?",
        "¿Me puedes pasar con un agente?",
        "pásame con un humano",
        "Páseme con su supervisor",
        "ponme con una persona de verdad",
        "Póngame con un operador, por favor.",
        "transfiéreme a un asesor",
        "comuníqueme con un representante",
        "necesito hablar urgentemente con un comercial",
        "me gustaría hablar con el encargado",
        "no quiero hablar con un robot",
        "No quiero seguir hablando con una máquina",
        "no quiero que me atienda un bot",
        "ya no quiero hablar con un bot, quiero una persona",
        "prefiero no hablar con un robot",
        "quiero dejar de hablar con un bot",
        "estoy harto de hablar con máquinas",
        "me niego a hablar con una máquina",
        "yo no hablo con robots",
        "basta de bots",
        "quiero que me atienda una persona",
        "prefiero que me atienda un humano",
        "¿me puede atender un humano?",
        "¿hay algún agente disponible?",
        "¿Hay una persona real ahí?",
        "¿no hay nadie con quien pueda hablar?",
        "¿hay alguien con quien pueda hablar?",
        "agente",
        "un humano, por favor",
        "Hola, una persona real por favor",
        "quiero un humano",
        "necesito un agente ya",
        "hablar con un asesor",
        "¿No puedo hablar con una persona?",
        "¿Por qué no puedo hablar con un agente?",
        "si no me pasas con una persona no sigo",
        "quiero hablar, por favor, con una persona",
        "No, quiero hablar con una persona",
        "No me entiendes. Quiero hablar con alguien que no sea un bot",
        "exijo hablar con el responsable",
        "kiero ablar con un umano",
        "quiero hablar con atención al cliente",
        "¿cómo hago para hablar con un agente?",
        "tengo que hablar con una persona",
        "no me pongas con otro robot",
        "gracias pero prefiero hablar con una persona",
        "¿se puede hablar con alguien de ventas?",
        "derívame con un técnico",
        "Buenas tardes, querría hablar con alguien de atención al cliente",
        "¿podrían comunicarme con un asesor por favor?",
        "oye, pásame a un agente",
        "quiero que me llame una persona",
        "no me entiendes, pásame con alguien",
        "deja de mandarme respuestas automáticas, quiero un agente humano",
        "¿Hay algún humano ahí?",
        "prefiero hablar con un humano antes que con un bot",
        "estoy cansada de hablar con un robot",
        "necesito que alguien me atienda",
        "me podéis poner con un responsable?",
        "quiero hablar con una persona no con una máquina",
        "operador",
        "AGENTE HUMANO YA",
        "por favor, una persona de verdad",
    ])
    func asksForAPerson(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == .explicitRequest, "\(text)")
        #expect(reading.frustration < EscalationThresholds.standard.alert, "a request alone alarms nobody")
        #expect(!reading.evidence.isEmpty)
    }

    @Test(arguments: [
        "no hace falta un humano",
        "no hace falta hablar con una persona",
        "no quiero hablar con un agente",
        "No quiero hablar con una persona, el bot está bien",
        "no necesito que me atienda una persona",
        "no me pases con un humano",
        "prefiero no hablar con una persona",
        "quiero hablar con el bot",
        "¿eres una persona?",
        "¿Eres un bot o un humano?",
        "¿estoy hablando con una persona?",
        "quiero saber si estoy hablando con un humano",
        "¿hablo con una persona o con un robot?",
        "¿me atiende una persona o una máquina?",
        "mesa para una persona",
        "quiero una mesa para una persona",
        "¿cuánto cuesta por persona?",
        "una persona",
        "¿lo puede usar más de una persona?",
        "una entrada para una persona mayor",
        "quiero transferir mi cuenta a otra persona",
        "ayer hablé con un agente y me dijo que llamara",
        "el agente me atendió muy bien",
        "la persona que me atendió era muy amable",
        "mi agente inmobiliario me lo recomendó",
        "¿tengo que hablar con un agente para cancelar?",
        "¿es necesario hablar con una persona?",
        "¿hablar con un agente tiene coste?",
        "necesito un asesor fiscal para mi empresa",
        "quiero un agente de viajes",
        "quiero comprar un robot de cocina",
        "no quiero un robot de cocina",
        "¿cuántos agentes trabajan aquí?",
        "quiero que mis clientes puedan hablar con una persona",
        "tengo un problema con la factura",
        "esto no funciona, me da error",
        "quiero cancelar mi pedido",
        "quiero darme de baja",
        "quiero cancelar mi suscripción, gracias",
        "quiero devolver un producto",
        "me voy de vacaciones el lunes",
        "perdona, qué pregunta más tonta, quiero cancelar mi cuenta",
        "me robó un ladrón y quiero cerrar mi cuenta",
        "soy abogado y quiero contratar vuestro servicio",
        "quiero denunciar un perfil falso",
        "mi abogado me ha recomendado vuestro producto",
        "no voy a denunciaros, tranquilos",
        "¿dónde está el aviso legal?",
        "sois unos genios",
        "",
        "   ",
        "¿¿??",
        "¿los agentes trabajan los domingos?",
        "hay una persona esperando el paquete",
        "la habitación es para una persona",
        "soy una persona mayor y no entiendo la web",
        "el técnico vino ayer",
        "no hace falta que me atienda nadie, gracias",
        "ya hablé con un asesor, gracias",
        "¿puedo pagar en persona?",
        "quiero hablar de mi factura",
        "no, gracias, el bot me sirve",
        "quiero información sobre el plan para empresas",
        "¿vendéis bots de atención al cliente?",
        "mi jefe quiere una factura",
    ])
    func asksForNoPerson(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == nil, "\(text) \(reading.evidence)")
    }

    @Test(arguments: [
        "Sois unos inútiles, me voy a la competencia",
        "Menuda mierda de servicio, me doy de baja",
        "INÚTILES!! no vuelvo a comprar aquí",
        "Sois unos ladrones y habéis perdido un cliente",
        "idiotas, cancelo mi cuenta ahora mismo",
        "Esto es una estafa. Me cambio de compañía.",
        "panda de sinvergüenzas, dejo de ser cliente",
        "qué asco dais, cierro mi cuenta",
        "imbécil, quiero darme de baja",
        "sois unos incompetentes y nunca más volveré, me largo",
    ])
    func insultsAndThreatensToLeave(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == .anger, "\(text)")
        #expect(reading.frustration >= EscalationThresholds.standard.alert)
    }

    @Test(arguments: [
        "os voy a denunciar",
        "Os denuncio a consumo",
        "voy a poner una denuncia contra ustedes",
        "voy a demandaros",
        "los voy a demandar",
        "tendréis noticias de mi abogado",
        "esto queda en manos de mis abogados",
        "nos vemos en los tribunales",
        "tomaré acciones legales",
        "voy a emprender medidas legales",
        "os llevaré a juicio",
    ])
    func threatensWithTheLaw(_ text: String) {
        let reading = EscalationRules.read(text)
        #expect(reading.trigger == .legalThreat, "\(text)")
        #expect(reading.frustration >= EscalationThresholds.standard.alert)
    }

    @Test(arguments: [
        "no sois idiotas, no me voy a la competencia",
        "qué mierda",
        "sois unos inútiles",
        "me voy a la competencia",
    ])
    func halfOfItIsNotEnough(_ text: String) {
        #expect(EscalationRules.read(text).trigger == nil, "\(text)")
    }
}
