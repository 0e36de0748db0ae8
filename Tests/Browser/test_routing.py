"""Who gets which chat, told with stock python-socketio clients on both sides and a gateway set up from a workspace file."""

import asyncio
import json

from harness import check, equal, test


def story(function):
    """Registers a coroutine as a test."""
    def run(house):
        asyncio.run(function(house))

    run.__name__, run.__doc__, run.__module__ = function.__name__, function.__doc__, function.__module__
    return test(run)


@story
async def offered_and_gone(house):
    """who is offered a chat and loses the line is replaced, and the visitor meets only the other one"""
    line = house.line()
    try:
        async with house.visitor() as visitor, house.staff("alba", line) as alba:
            chat = await visitor.begins("vanishing")
            await alba.hears("chat:offer", chatId=chat)
            async with house.staff("bruno") as bruno:
                await bruno.is_up_to_date()
                equal(bruno.of("chat:offer"), [], "offers while the first one may think")
                line.down()
                offer = await bruno.hears("chat:offer", chatId=chat)
                await bruno.does("chat:accept", {"assignmentId": offer["assignmentId"]})
                await visitor.hears("chat:assigned", commercialId="bruno")
                await bruno.says(chat, "Soy Bruno")
                await visitor.hears("message:new", content="Soy Bruno")
                equal([p["commercialId"] for p in visitor.of("chat:assigned")], ["bruno"], "whom the visitor met")
            # She comes back to what is not hers.
            async with house.staff("alba") as again:
                equal(again.session["chats"], [], "her chats")
                equal(again.of("chat:offer"), [], "her offers")
    finally:
        line.stop()


@story
async def refused(house):
    """who refuses is passed over, cannot change their mind, and the visitor hears nothing of it"""
    async with house.visitor() as visitor, house.staff("carla") as carla:
        chat = await visitor.begins("refusing")
        first = await carla.hears("chat:offer", chatId=chat)
        async with house.staff("diego") as diego:
            await carla.does("chat:reject", {"assignmentId": first["assignmentId"], "reason": "lunch"})
            second = await diego.hears("chat:offer", chatId=chat)
            await diego.does("chat:accept", {"assignmentId": second["assignmentId"]})
            await carla.fails("offer_expired", "chat:accept", {"assignmentId": first["assignmentId"]})
            await visitor.hears("chat:assigned", commercialId="diego")
            check("lunch" not in json.dumps(visitor.heard), "the visitor read the reason")


@story
async def all_full(house):
    """with everybody full a visitor is told their place, and gets the slot that becomes free"""
    async with house.staff("elsa") as elsa, house.visitor() as first, house.visitor() as second:
        busy = await first.begins("full")
        await first.hears("chat:assigned", commercialId="elsa")
        chat = await second.begins("full")
        place = await second.hears("chat:queued", chatId=chat)
        equal(place["position"], 1, "place")
        check(0 < place["etaSec"] <= place["p90Sec"], f"a wait that makes sense: {place}")
        equal(second.of("chat:assigned"), [], "assignments while nobody has room")
        await elsa.does("chat:close", {"chatId": busy})
        await second.hears("chat:assigned", chatId=chat, commercialId="elsa")


@story
async def out_of_hours(house):
    """out of hours a visitor leaves word, learns when it opens, and nobody is bothered"""
    async with house.staff("fina") as fina:
        async with house.visitor() as visitor:
            ack = await visitor.does("chat:create", {"department": "closed", "firstMessage": "¿Están ahí?"})
            equal(ack["status"], "offline", "status")
            check(ack["nextOpenAt"], "when it opens")
            await visitor.says(ack["chatId"], "Mi correo es v@shop.example")
            token = visitor.session["token"]
        # The widget shows its form again after a reload.
        async with house.visitor(token=token) as again:
            equal([(c["chatId"], c["status"]) for c in again.session["chats"]], [(ack["chatId"], "offline")], "their chat")
            history = await again.does("chat:history", {"chatId": ack["chatId"]})
            equal([m["content"] for m in history["messages"]], ["¿Están ahí?", "Mi correo es v@shop.example"], "their word")
        await fina.is_up_to_date()
        equal(fina.of("chat:offer") + fina.of("chat:assigned"), [], "what reached who is at home")


@story
async def two_queues(house):
    """two queues have different people, and each visitor gets those of the one they chose"""
    async with house.staff("hugo") as hugo, house.staff("ines") as ines:
        async with house.visitor() as buyer, house.visitor() as owner:
            sale, repair = await buyer.begins("sales"), await owner.begins("support")
            await buyer.hears("chat:assigned", chatId=sale, commercialId="hugo")
            await owner.hears("chat:assigned", chatId=repair, commercialId="ines")
            await hugo.fails("forbidden", "chat:join", {"chatId": repair})
            for person, chat in ((hugo, sale), (ines, repair)):
                await person.is_up_to_date()
                equal({p["chatId"] for p in person.of("chat:assigned")}, {chat}, f"chats of {person.name}")


@story
async def languages(house):
    """visitors get whoever speaks their language, by their locale or by what they write"""
    async with house.staff("quim"), house.staff("rita"):
        for locale, text, name in [
            ("es-MX", "hola", "quim"), ("en-GB", "ok", "rita"), ("en-US", "hi", "rita"), ("es", "ok", "quim"),
            # A browser in one language, and a visitor who writes in the other.
            ("en-US", "Hola, quiero saber cuándo llega mi pedido, por favor", "quim"),
        ]:
            async with house.visitor(locale=locale) as visitor:
                await visitor.begins("languages", text)
                await visitor.hears("chat:assigned", commercialId=name)


@story
async def transfer_to_somebody_full(house):
    """a transfer to somebody full is refused with capacity_full, and nothing changes"""
    async with house.visitor() as visitor, house.visitor() as other, house.staff("julia") as julia:
        chat = await visitor.begins("passing")
        await visitor.hears("chat:assigned", commercialId="julia")
        async with house.staff("kike") as kike:
            await other.begins("passing")
            await other.hears("chat:assigned", commercialId="kike")
            before = (await julia.does("chat:join", {"chatId": chat}))["chat"]
            for mode in ("cold", "warm"):
                await julia.fails(
                    "capacity_full", "chat:transfer", {"chatId": chat, "to": {"commercialId": "kike"}, "mode": mode})
            equal((await julia.does("chat:join", {"chatId": chat}))["chat"], before, "the chat")
            await julia.says(chat, "Sigo yo")
            await visitor.hears("message:new", content="Sigo yo")
            equal(len(visitor.of("chat:assigned")), 1, "assignments that the visitor heard of")
            await kike.is_up_to_date()
            equal(kike.of("chat:offer"), [], "offers to who is full")


@story
async def warm_transfer(house):
    """a warm transfer: the two consult unseen, the visitor is never alone, and then the other one has the chat"""
    async with house.visitor() as visitor, house.staff("lola") as lola:
        chat = await visitor.begins("together")
        await visitor.hears("chat:assigned", commercialId="lola")
        async with house.staff("mario") as mario:
            await lola.does(
                "chat:transfer", {"chatId": chat, "to": {"commercialId": "mario"}, "mode": "warm", "summary": "RESUMEN"})
            offer = await mario.hears("chat:offer", chatId=chat)
            equal((offer["mode"], offer["summary"]), ("warm", "RESUMEN"), "the offer")
            # They consult; the chat is still hers.
            await mario.does("chat:join", {"chatId": chat})
            await mario.says(chat, "CONSULTA: ¿qué quiere?", private=True)
            await lola.hears("message:new", content="CONSULTA: ¿qué quiere?", private=True)
            await mario.fails("not_owner", "message:send", {"chatId": chat, "content": "Soy Mario"})
            await lola.says(chat, "Le paso con Mario")
            await mario.does("chat:accept", {"assignmentId": offer["assignmentId"]})
            await visitor.hears("chat:assigned", commercialId="mario")
            await mario.says(chat, "Soy Mario")
            await visitor.hears("message:new", content="Soy Mario")
            await visitor.says(chat, "Gracias")
            for person in (lola, mario):
                await person.hears("message:new", content="Gracias")
            await lola.fails("not_owner", "message:send", {"chatId": chat, "content": "¿Y yo?"})
            for word in ("RESUMEN", "CONSULTA"):
                check(word not in json.dumps(visitor.heard, ensure_ascii=False), f"the visitor read {word}")


@story
async def whisper(house):
    """a whisper is nowhere for the visitor: not live, not by chat:join, not by chat:history, not by REST"""
    def nowhere(what, value):
        text = json.dumps(value, ensure_ascii=False)
        check("SUSURRO" not in text and "oteSeq" not in text, f"the whisper shows {what}: {text[:400]}")

    async with house.staff("nora") as nora, house.staff("boss") as boss:
        async with house.visitor() as visitor:
            token = visitor.session["token"]
            chat = await visitor.begins("whispers")
            await visitor.hears("chat:assigned", commercialId="nora")
            async with house.visitor(token=token) as twin:
                await twin.does("chat:join", {"chatId": chat})
                await boss.does("agent:whisper", {"chatId": chat, "content": "SUSURRO"})
                secret = await nora.hears("message:new", content="SUSURRO", type="whisper")
                reply = await visitor.asks(
                    "message:send", {"chatId": chat, "content": "¿?", "replyTo": secret["messageId"]})
                check(not reply["ok"], "it can be replied to")
                nowhere("in the refusal", reply)
                await nora.says(chat, "FIN")
                for client in (visitor, twin):
                    await client.hears("message:new", content="FIN")
                    nowhere("live", client.heard)
        async with house.visitor(token=token) as again:
            nowhere("in the session", again.session)
            for event, more in [
                ("chat:join", {}), ("chat:join", {"afterSeq": 0}), ("chat:join", {"afterSeq": 0, "afterNoteSeq": 0}),
                ("chat:history", {}), ("chat:history", {"afterSeq": 0}),
            ]:
                ack = await again.does(event, {"chatId": chat, **more})
                check("FIN" in [m["content"] for m in ack["messages"]], f"{event} tells the rest")
                nowhere(f"in {event}", ack)
            await again.is_up_to_date()
            nowhere("after coming back", again.heard)
        answer = await asyncio.to_thread(house.get, "/v1/chats", token)
        equal((answer.status_code, [c["chatId"] for c in answer.json()["chats"]]), (200, [chat]), "their chats by REST")
        nowhere("by REST", answer.text)


@story
async def moods(house):
    """anger goes to a person; a calm problem, and who wants no person, stay with the bot"""
    async with house.bot() as bot, house.staff("pepa") as pepa, house.staff("boss") as boss:
        async with house.visitor() as angry, house.visitor() as calm, house.visitor() as content:
            chats = {}
            for visitor, text in [
                (angry, "Hola, ¿cuánto cuesta la mesa?"),
                (calm, "Tengo un problema: la lámpara no funciona y quiero devolverla"),
                (content, "No hace falta hablar con una persona, gracias"),
            ]:
                chats[visitor] = chat = await visitor.begins("default", text, status="bot")
                await bot.hears("message:new", chatId=chat, content=text)
                await bot.says(chat, "Soy un bot", inReplyToSeq=1)
            await angry.says(chats[angry], "Sois unos inútiles, me voy a la competencia")
            await angry.hears("chat:assigned", commercialId="pepa")
            alert = await boss.hears("notification", type="sentiment_alert")
            equal(alert["data"]["chatId"], chats[angry], "whom the alert is about")
            await bot.fails("not_owner", "message:send", {"chatId": chats[angry], "content": "Todavía yo"})
            await pepa.says(chats[angry], "Soy Pepa")
            await angry.hears("message:new", content="Soy Pepa")
            # The others write once more, and have their answer of the bot.
            for visitor, text in [(calm, "La lámpara sigue sin funcionar"), (content, "No quiero un agente, me basta el bot")]:
                await visitor.says(chats[visitor], text)
                await bot.hears("message:new", chatId=chats[visitor], content=text)
                await bot.says(chats[visitor], "De acuerdo")
                await visitor.hears("message:new", content="De acuerdo")
                equal(visitor.of("chat:assigned"), [], "people in a calm chat")
            await pepa.is_up_to_date()
            equal({p["chatId"] for p in pepa.of("chat:assigned")}, {chats[angry]}, "chats that reached a person")
