"""The product in the browser: visitors, the demo's bot, commercials and a supervisor."""

import time

import requests

from harness import Gateway, check, equal, eventually, test
from pages import Desk, Shop
from proxy import Proxy


@test
def whole_conversation(browser, gateway):
    """two visitors, the bot, two commercials and a supervisor"""
    ana, bea = Desk(browser, gateway, "ana-1", "Ana"), Desk(browser, gateway, "bea-1", "Bea")
    boss = Desk(browser, gateway, "sol-1", "Sol", role="supervisor")

    # A bot answers first, and says that it is one.
    first = Shop(browser, gateway, "first")
    first.language("es")
    first.say("¿Qué precio tiene el taburete alto?")
    first.hears("Soy un bot de demostración")
    first.hears("89 €")
    first.shows("asistente automático")

    # A person is asked for, and gets everything that was said.
    first.say("Quiero hablar con una persona")
    first.shows("Hablas con")
    eventually(lambda: "Ana" in first.state or "Bea" in first.state, lambda: f"the visitor reads a name: {first.state}")
    desk, other = (ana, bea) if "Ana" in first.state else (bea, ana)
    desk.choose(first.visitor, "mine")
    desk.hears("¿Qué precio tiene el taburete alto?")
    desk.hears("89 €")
    before = first.texts
    eventually(lambda: desk.texts == before, lambda: f"both read the same:\n{before}\n{desk.texts}")

    # Both see the other write; notes are for the team alone.
    desk.type("Un mome")
    eventually(lambda: desk.name in first.typing, "the visitor sees the commercial write")
    desk.write("Cliente de siempre, ojo", kind="note")
    desk.write(f"Hola, soy {desk.name}.")
    first.hears(f"Hola, soy {desk.name}.")
    eventually(lambda: first.typing == "", "typing ends with the message")
    first.type("Pues que")
    eventually(lambda: desk.typing != "", "the commercial sees the visitor write")
    first.say("Quiero dos")
    desk.hears("Quiero dos")
    equal(desk.notes, ["Cliente de siempre, ojo"], "notes")

    # The second visitor goes to whoever has less to do.
    second = Shop(browser, gateway, "second")
    second.language("en")
    second.say("How long does delivery take?")
    second.hears("3 or 4 working days")
    second.press("Talk to a person")
    second.shows(f"talking to {other.name}")
    other.choose(second.visitor, "mine")
    other.write("Hello! How many are there?")
    second.hears("Hello! How many are there?")

    # A supervisor sees both, reads along unseen, and steps in.
    boss.has("others", "Ana")
    boss.has("others", "Bea")
    boss.choose(first.visitor, "others")
    boss.hears("Quiero dos")
    equal(boss.notes, ["Cliente de siempre, ojo"], "the supervisor's view of notes")
    boss.press("barge")
    boss.write("Os regalo el envío.")
    first.hears("Os regalo el envío.")
    desk.hears("Os regalo el envío.")
    check(desk.name in first.state, "the chat stays with its commercial")

    # Nobody lost or doubled anything.
    eventually(lambda: desk.texts == first.texts == boss.texts, "all three read the same")
    equal(first.seqs, list(range(1, len(first.seqs) + 1)), "numbers")
    check("ojo" not in first.page, "a note reached the visitor")

    # The end, and a new beginning.
    desk.press("close")
    first.shows("Conversación terminada")
    eventually(lambda: desk.cards("mine") == [], "the slot is free")

    # How it was: five buttons that say what they are, and once is enough.
    eventually(lambda: "¿Cómo te hemos atendido?" in first.page, "the visitor is asked how it was")
    names = first.window.run("return [...document.querySelectorAll('.chat-score')].map((b) => b.getAttribute('aria-label'))")
    equal(names, [f"{n} de 5" for n in range(1, 6)], "names of the buttons")
    first.press("5")
    eventually(lambda: "Gracias por tu opinión." in first.page, "the visitor is thanked")
    check("¿Cómo te hemos atendido?" not in first.page, "the question is gone")

    # The other one is asked in English.
    other.press("close")
    second.shows("Conversation closed")
    eventually(lambda: "How did we do?" in second.page, "the visitor is asked how it was, in English")
    for words in ("Badly", "Very well"):
        check(words in second.page, f"the ends of the scale: {words}")
    names = second.window.run("return [...document.querySelectorAll('.chat-score')].map((b) => b.getAttribute('aria-label'))")
    equal(names, [f"{n} out of 5" for n in range(1, 6)], "names of the buttons in English")
    second.press("2")
    eventually(lambda: "Thank you for telling us." in second.page, "the visitor is thanked in English")
    check("How did we do?" not in second.page, "the question is gone")

    first.say("Una cosa más")
    eventually(lambda: "Una cosa más" in first.own, "writing takes the conversation up again")
    first.shows("asistente automático")
    equal(browser.complaints(), [], "the browser's complaints")


@test
def reload(browser, gateway):
    """a reload is the same visitor in the same conversation, complete and in order"""
    shop = Shop(browser, gateway, "reload")
    shop.language("es")
    shop.say("¿Cuánto tarda el envío?")
    shop.hears("3 o 4 días")
    shop.say("precio de la mesa")
    shop.hears("240 €")
    before = shop.texts
    shop.reload()
    eventually(lambda: shop.texts == before, lambda: f"the same texts: {shop.texts}")
    shop.shows("asistente automático")
    shop.say("gracias")
    shop.hears("A ti")
    equal(shop.texts[: len(before)], before, "texts before the reload")


@test
def second_tab(browser, gateway):
    """a second tab of the same visitor follows, and shows what the first one writes"""
    one = Shop(browser, gateway, "tabs")
    one.language("es")
    one.say("hola")
    one.hears("Qué te gustaría saber")
    two = Shop(browser, gateway, "tabs")
    eventually(lambda: two.texts == one.texts, "the second tab has everything")
    one.say("¿A qué hora abrís?")
    two.hears("lunes a viernes")
    eventually(lambda: two.texts == one.texts and two.seqs == one.seqs, lambda: f"both tabs agree:\n{one.texts}\n{two.texts}")


@test
def lost_line(browser, gateway):
    """a lost line: the visitor sees it, and what was written meanwhile arrives once and in order"""
    proxy = Proxy(gateway.port)
    try:
        shop = Shop(browser, gateway, "line", port=proxy.port)
        shop.language("es")
        shop.say("hola")
        shop.hears("Qué te gustaría saber")
        proxy.down()
        shop.shows("Sin conexión")
        shop.say("uno", "dos", "tres")
        equal(shop.unsent, 3, "messages that wait")
        proxy.up()
        eventually(lambda: shop.unsent == 0, "everything is sent")
        equal(shop.own, ["hola", "uno", "dos", "tres"], "own messages")
        # A line that breaks again and again while somebody writes.
        for n in range(8):
            shop.say(f"m{n}")
            proxy.cut()
        eventually(lambda: shop.unsent == 0, "everything is sent")
        expected = ["hola", "uno", "dos", "tres", *[f"m{n}" for n in range(8)]]
        eventually(lambda: shop.own == expected, lambda: f"own messages: {shop.own}")
        shop.reload()
        eventually(lambda: shop.own == expected, lambda: f"own messages after a reload: {shop.own}")
        equal(shop.seqs, list(range(1, len(shop.seqs) + 1)), "numbers")
    finally:
        proxy.stop()


@test
def power_cut(browser, gateway):
    """SIGKILL twice amid two visitors, the bot, two commercials and a supervisor: nothing acknowledged is lost, nothing doubled"""
    kim, leo = Desk(browser, gateway, "kim-1", "Kim"), Desk(browser, gateway, "leo-1", "Leo")
    boss = Desk(browser, gateway, "sol-3", "Sol", role="supervisor")
    first, second = Shop(browser, gateway, "power-one"), Shop(browser, gateway, "power-two")
    shops = (first, second)
    for shop in shops:
        shop.language("es")
    first.say("Quiero hablar con una persona")
    eventually(lambda: "Kim" in first.state or "Leo" in first.state, lambda: f"the visitor reads a name: {first.state}")
    desk, other = (kim, leo) if "Kim" in first.state else (leo, kim)
    desk.choose(first.visitor, "mine")
    boss.choose(first.visitor, "others")
    said = {first: ["Quiero hablar con una persona"], second: []}
    answered = {first: [], second: []}
    acknowledged = {}

    def say(shop, text):
        said[shop].append(text)
        shop.say(text)

    def answer(shop, who, text):
        answered[shop].append(text)
        who.write(text)

    def cut():
        for shop in shops:
            own = shop.own
            acknowledged.setdefault(shop, []).extend(own[: len(own) - shop.unsent])
        gateway.server.kill()

    # One visitor is with a person, the other with the bot, who is asked something while nothing runs.
    say(second, "¿Qué precio tiene el taburete alto?")
    second.hears("89 €")
    for n in range(12):
        say(first, f"uno {n}")
        if n == 3:
            answer(first, desk, "respuesta a tres")
            desk.write("nota uno", kind="note")
        if n == 5:
            cut()
        if n == 6:
            say(second, "¿Cuánto tarda el envío?")
            answer(first, desk, "respuesta a seis")
        if n == 9:
            gateway.start()
        time.sleep(0.1)
    second.hears("3 o 4 días", patience=60)

    # Each visitor is with a person, and the supervisor has stepped in.
    say(second, "Quiero hablar con una persona")
    second.shows(f"Hablas con {other.name}", patience=60)
    other.choose(second.visitor, "mine")
    boss.press("barge")
    for n in range(12, 24):
        for shop in shops:
            say(shop, f"{shop is first} {n}")
        if n in (13, 18, 22):
            answer(first, desk, f"de {desk.name} {n}")
            answer(second, other, f"de {other.name} {n}")
        if n == 14:
            answer(first, boss, "de Sol")
        if n in (14, 19):
            desk.write(f"nota {n}", kind="note")
        if n == 16:
            cut()
        if n == 20:
            gateway.start()
        time.sleep(0.1)

    desks = {first: (desk, boss), second: (other,)}
    for shop in shops:
        eventually(lambda: shop.unsent == 0, "everything is sent", patience=60)
        eventually(lambda: shop.own == said[shop], lambda: f"the visitor's words, once and in order: {shop.own}")
        check(set(acknowledged[shop]) <= set(shop.own), "something acknowledged is lost")
        people = lambda: [text for text in shop.theirs if text in answered[shop]]
        eventually(lambda: sorted(people()) == sorted(answered[shop]), lambda: f"each answer once: {people()}", patience=60)
        for reader in desks[shop]:
            eventually(lambda: reader.texts == shop.texts, lambda: f"{reader.name} reads the same:\n{shop.texts}\n{reader.texts}")
        equal(shop.seqs, list(range(1, len(shop.texts) + 1)), "numbers")
    for words in ("89 €", "3 o 4 días"):
        equal(len([text for text in second.theirs if words in text]), 1, f"answers of the bot with {words}")
    for reader in desks[first]:
        eventually(lambda: reader.notes == ["nota uno", "nota 14", "nota 19"], lambda: f"{reader.name} reads each note once: {reader.notes}")
    check("nota" not in first.page, "a note reached the visitor")

    # What the pages show is what is stored.
    before = {shop: shop.texts for shop in shops}
    for page in (*shops, desk, other):
        page.reload()
    for shop in shops:
        eventually(lambda: shop.texts == before[shop], "the same after a reload")
        reader = desks[shop][0]
        reader.choose(shop.visitor, "mine")
        eventually(lambda: reader.texts == before[shop], "the same at the desk")
    equal(browser.complaints(), [], "the browser's complaints")


@test
def waiting(browser, gateway):
    """who waits reads whether anybody is there, and his place, and somebody who comes gets the chat"""
    busy = Desk(browser, gateway, "busy-1", "Tere")
    busy.declare("busy")
    one, two = Shop(browser, gateway, "wait-one"), Shop(browser, gateway, "wait-two")
    for shop in (one, two):
        shop.language("es")
        shop.say("hola")
        shop.hears("Qué te gustaría saber")
        shop.press("Hablar con una persona")
    one.shows("Tu puesto: 1")
    two.shows("Tu puesto: 2")
    two.reload()
    two.shows("Tu puesto: 2")
    # The only one of the team who was there leaves; both read it without asking.
    busy.close()
    for shop in (one, two):
        shop.shows("no hay nadie")
    # Whoever comes back reads it again, after a reload and after a restart of the gateway.
    one.reload()
    one.shows("no hay nadie")
    gateway.server.kill()
    gateway.start()
    for shop in (one, two):
        shop.ready()
        shop.shows("no hay nadie")
    desk = Desk(browser, gateway, "late-1", "Lola")
    one.shows("Hablas con Lola")
    two.shows("Hablas con Lola")
    equal(len(desk.cards("mine")), 2, "chats of the one who came")


@test
def availability(browser, gateway):
    """somebody who is away gets nothing, takes a chat by hand, and gets the next one when available again"""
    desk = Desk(browser, gateway, "away-1", "Alba")
    desk.declare("away")
    first, second = Shop(browser, gateway, "away-one"), Shop(browser, gateway, "away-two")
    for shop in (first, second):
        shop.language("es")
        shop.say("Quiero hablar con una persona")
        desk.has("queue", shop.visitor)
    equal(desk.cards("mine"), [], "chats while away")
    desk.choose(first.visitor, "queue")
    desk.press("take")
    first.shows("Hablas con Alba")
    check("Alba" not in second.state, "only the chat that was taken is assigned")
    desk.declare("available")
    second.shows("Hablas con Alba")
    # Handed back, the chat waits for somebody else.
    desk.press("release")
    desk.has("queue", first.visitor)
    bea = Desk(browser, gateway, "away-2", "Bea")
    first.shows("Hablas con Bea")
    bea.has("mine", first.visitor)


@test
def offers(browser, gateway):
    """where commercials accept by hand: an offer can be passed on, survives a reload, and is accepted"""
    asking = Gateway(environment={"PUENTE_ROUTING_AUTO_ACCEPT": "false"})
    try:
        ana = Desk(browser, asking, "ana-3", "Ana")
        shop = Shop(browser, asking, "offers")
        shop.language("es")
        shop.say("Quiero hablar con una persona")
        eventually(lambda: any("Quiero hablar" in offer for offer in ana.offers), lambda: f"Ana is asked: {ana.offers}")
        equal(ana.cards("mine"), [], "chats before anybody accepted")
        bea = Desk(browser, asking, "bea-3", "Bea")
        ana.answer("reject")
        eventually(lambda: ana.offers == [] and len(bea.offers) == 1, lambda: f"Bea is asked next: {ana.offers} {bea.offers}")
        bea.reload()
        eventually(lambda: len(bea.offers) == 1, "the offer is there after a reload")
        check("Hablas con" not in shop.state, "an offer is no answer yet")
        bea.answer("accept")
        shop.shows("Hablas con Bea")
        bea.has("mine", shop.visitor)
        equal(bea.offers, [], "offers after accepting")
        bea.write("Hola, soy Bea.")
        shop.hears("soy Bea")
        equal(browser.complaints(), [], "the browser's complaints")
    finally:
        asking.stop()


@test
def anger(browser, gateway):
    """an angry visitor: tags, priority, a person, and one alert for the supervisor"""
    boss = Desk(browser, gateway, "sol-2", "Sol", role="supervisor")
    desk = Desk(browser, gateway, "ira-1", "Ira")
    shop = Shop(browser, gateway, "angry")
    shop.language("es")
    shop.say("Sois unos inútiles, me doy de baja y os voy a denunciar")
    eventually(lambda: len(boss.alerts) == 1, lambda: f"one alert: {boss.alerts}")
    shop.shows("Hablas con Ira")
    desk.choose(shop.visitor, "mine")
    eventually(lambda: "urgente" in desk.facts and "sentimiento-negativo" in desk.facts, lambda: f"the tags: {desk.facts}")
    check("alta" in desk.facts or "urgente" in desk.facts, f"the priority: {desk.facts}")


@test
def late_desk(browser, gateway):
    """a desk that opens later finds what is there already; nobody's list shows what is not theirs"""
    shop, other = Shop(browser, gateway, "late-one"), Shop(browser, gateway, "late-two")
    for one in (shop, other):
        one.language("es")
        one.say("Quiero hablar con una persona")
        eventually(lambda: one.visitor, "a visitor")
        one.shows("no hay nadie")
    boss = Desk(browser, gateway, "late-3", "Sol", role="supervisor")
    boss.has("queue", shop.visitor)
    boss.has("queue", other.visitor)
    boss.choose(shop.visitor, "queue")
    boss.hears("Quiero hablar con una persona")
    address = f"{gateway.address}/v1/chats"
    refused = requests.get(address, timeout=10)
    equal((refused.status_code, refused.json()["code"]), (401, "unauthenticated"), "without a token")
    token = shop.window.run("return localStorage.getItem('chat.token')")
    own = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=10).json()["chats"]
    equal([chat["visitor"]["id"][:6] for chat in own], [shop.visitor], "a visitor's list")
