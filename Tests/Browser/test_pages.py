"""The pages themselves: narrow and wide, both languages, and hostile texts."""

from harness import ROOT, check, equal, eventually, test
from pages import Desk, Shop

HOSTILE = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg/onload=window.hacked=1>",
    "javascript:window.hacked=1",
    "java\tscript:window.hacked=1",
    "data:text/html,<script>window.hacked=1</script>",
    "[x](javascript:window.hacked=1)",
    "<javascript:window.hacked=1>",
    "![x](http://127.0.0.1:1/leak?q=secret)",
    "{{7*7}} ${7*7} #{7*7}",
    "\"><b onmouseover=window.hacked=1>x</b>",
    "</textarea><script>window.hacked=1</script>",
    "&lt;b&gt; &#106;avascript:1",
    "mira https://ejemplo.example/a?b=c. Y mailto:a@ejemplo.example",
]


@test
def hostile_texts(browser, gateway):
    """hostile texts are shown as text to everybody (X01-X05)"""
    desk = Desk(browser, gateway, "xss-1", "Xia <img src=x onerror=window.hacked=1>")
    shop = Shop(browser, gateway, "xss")
    shop.language("es")
    shop.say("Quiero hablar con una persona")
    shop.shows("Xia <img")
    desk.choose(shop.visitor, "mine")
    for text in HOSTILE:
        shop.say(text)
        eventually(lambda: shop.unsent == 0, "sent")
        desk.write(text)
    desk.write(HOSTILE[0], kind="note")
    eventually(lambda: [t for t in shop.own if t in HOSTILE] == HOSTILE, "the visitor reads his own words as they are")
    for text in HOSTILE:
        shop.hears(text)
        desk.hears(text)
    for window in (shop.window, desk.window):
        check(window.run("return window.hacked === undefined"), "a script of a message ran")
        equal(window.run("return document.querySelectorAll('.chat-text *:not(a), .body *, #visitor *, .cards img').length"), 0, "elements made of messages")
    schemes = shop.window.run("return [...document.querySelectorAll('.chat-text a')].map((a) => a.protocol)")
    equal(set(schemes), {"https:", "mailto:"}, "schemes of links")
    leaks = shop.window.run("return performance.getEntriesByType('resource').map((r) => r.name).filter((n) => n.includes('leak'))")
    equal(leaks, [], "images of messages that were fetched")
    equal(browser.complaints(), [], "the browser's complaints")


@test
def narrow_and_wide(browser, gateway):
    """from 360 pixels to wide nothing needs a horizontal scroll, in both languages, chat open or not"""
    desk = Desk(browser, gateway, "narrow-1", "Una Persona Con Un Nombre Bastante Largo")
    shop = Shop(browser, gateway, "narrow")
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
    shop.say("Quiero hablar con una persona")
    shop.shows("Una Persona")
    desk.choose(shop.visitor, "mine")
    shop.say(long)
    desk.hears(long)
    desk.write(long + " https://ejemplo.example/" + "x" * 200)
    shop.hears(long)
    overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for width in (360, 414, 768, 1024, 1920):
        for language in ("es", "en"):
            for page in (shop, desk):
                page.window.size(width, 760)
                page.window.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)
                equal(page.window.run(overflow), 0, f"pixels too wide at {width}, {language}, {type(page).__name__}")
        shop.window.run("document.querySelector('.chat-close').click()")
        equal(shop.window.run(overflow), 0, f"pixels too wide at {width} with the chat closed")
        shop.open()


@test
def languages(browser, gateway):
    """no text of the pages is missing in either language"""
    shop, desk = Shop(browser, gateway, "languages"), Desk(browser, gateway, "lang-1", "Lin")
    for language, send, queue in (("es", "Enviar", "En cola"), ("en", "Send", "Waiting")):
        shop.language(language)
        desk.window.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)
        check(send in shop.page, f"{send!r} in the chat")
        check(queue in desk.window.run("return document.body.innerText"), f"{queue!r} at the desk")
        for page in (shop.window, desk.window):
            check("undefined" not in page.run("return document.body.innerText"), "a missing text")
    check(desk.window.run("return Object.keys(TEXTS.es).join() === Object.keys(TEXTS.en).join()"), "both have the same keys")


@test
def names_for_everything(browser, gateway):
    """whoever can't see the page hears what each control is for"""
    unnamed = """
        return [...document.querySelectorAll('button, input, textarea, select, a[href]')].filter((node) => node.offsetParent
          && !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length || node.title)).map((n) => n.outerHTML);
    """
    desk = Desk(browser, gateway, "names-1", "Nia")
    shop = Shop(browser, gateway, "names")
    shop.say("Quiero hablar con una persona")
    shop.shows("Nia")
    desk.choose(shop.visitor, "mine")
    for page in (shop, desk):
        equal(page.window.run(unnamed), [], "controls without a name")
    equal(shop.window.run("return document.querySelector('.chat-list').getAttribute('role')"), "log", "the list's role")


@test
def the_door(browser, gateway):
    """without a token, and with a wrong one, the desk says what to do; the token leaves the address bar"""
    window = browser.window(f"{gateway.address}/commercial.html")
    eventually(lambda: "gateway token" in window.run("return document.querySelector('#door').innerText"), "the door says how")
    wrong = browser.window(f"{gateway.address}/commercial.html#token=nonsense")
    eventually(lambda: not wrong.run("return document.querySelector('#door').hidden"), "the door is shown")
    desk = Desk(browser, gateway, "door-1", "Dora")
    equal(desk.window.run("return location.hash"), "", "the fragment")


@test
def picture(browser, gateway):
    """the README's picture is what the demo looks like"""
    desk = Desk(browser, gateway, "pic-1", "Ana")
    shop = Shop(browser, gateway, "picture")
    shop.window.size(1100, 700)
    shop.language("es")
    shop.say("¿Qué precio tiene el taburete alto?")
    shop.hears("89 €")
    shop.say("Quiero hablar con una persona")
    shop.shows("Hablas con Ana")
    desk.choose(shop.visitor, "mine")
    desk.write("¡Hola! Soy Ana. ¿Cuántos necesitas?")
    shop.hears("Soy Ana")
    eventually(lambda: shop.typing == "", "nobody writes")
    folder = ROOT / ".build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    shop.window.screenshot(folder / "demo.png")
    desk.window.size(1100, 700)
    desk.window.screenshot(folder / "desk.png")
    check((folder / "demo.png").stat().st_size > 10_000, "the picture shows something")
