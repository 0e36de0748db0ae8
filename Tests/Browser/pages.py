"""The demo's two pages, as a person sees them: what is written on them and what can be done there."""

from harness import check, eventually


class Shop:
    """The shop with its chat. Every visitor has a host name of his own, and with it a storage of his own."""

    def __init__(self, browser, gateway, visitor, port=None):
        self.address = f"http://{visitor}.test:{port or gateway.port}/"
        self.window = browser.window(self.address)
        self.ready()
        self.open()

    @property
    def visitor(self):
        """What the desks call this visitor: the beginning of his id, as his token says it."""
        return self.window.run("return JSON.parse(atob(localStorage.getItem('chat.token').split('.')[1])).sub.slice(0, 6)")

    def ready(self):
        eventually(lambda: self.window.run("return document.querySelector('.chat-panel')?.dataset.link") == "ready", "the chat is connected")

    def open(self):
        self.window.run("document.dispatchEvent(new Event('chat:open'))")

    def reload(self):
        self.window.reload()
        self.ready()

    def language(self, language):
        self.window.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)

    def say(self, *texts):
        for text in texts:
            self.window.run(
                "const field = document.querySelector('#chat-input'); field.value = arguments[0];"
                "field.dispatchEvent(new Event('input')); document.querySelector('.chat-form').requestSubmit();", text)

    def type(self, text):
        self.window.run(
            "const field = document.querySelector('#chat-input'); field.value = arguments[0]; field.dispatchEvent(new Event('input'));", text)

    def press(self, name):
        clicked = self.window.run(
            "const button = [...document.querySelectorAll('.chat-panel button')].find((b) => b.textContent === arguments[0] && b.offsetParent);"
            "button?.click(); return Boolean(button);", name)
        check(clicked, f"no button {name!r} in the chat")

    @property
    def state(self):
        return self.window.run("return document.querySelector('.chat-state').textContent")

    @property
    def typing(self):
        return self.window.run("return document.querySelector('.chat-typing').textContent")

    @property
    def texts(self):
        """All messages, oldest first."""
        return self.window.run("return [...document.querySelectorAll('.chat-message .chat-text')].map((p) => p.textContent)")

    @property
    def own(self):
        return self.window.run("return [...document.querySelectorAll('.chat-own .chat-text')].map((p) => p.textContent)")

    @property
    def theirs(self):
        return self.window.run("return [...document.querySelectorAll('.chat-theirs .chat-text')].map((p) => p.textContent)")

    @property
    def seqs(self):
        return self.window.run("return [...document.querySelectorAll('.chat-message[data-seq]')].map((m) => Number(m.dataset.seq))")

    @property
    def unsent(self):
        return self.window.run("return document.querySelectorAll('.chat-unsent').length")

    @property
    def page(self):
        return self.window.run("return document.body.innerText")

    def hears(self, words, patience=None):
        """Waits for an answer that contains the words."""
        eventually(lambda: any(words in text for text in self.theirs), lambda: f"the visitor hears {words!r}", patience)

    def shows(self, words, patience=None):
        eventually(lambda: words in self.state, lambda: f"the chat's state says {words!r}, now {self.state!r}", patience)


class Desk:
    """The desk of a commercial or supervisor."""

    def __init__(self, browser, gateway, subject, name, role="commercial"):
        self.name = name
        token = gateway.token(role, subject, name)
        self.window = browser.window(f"{gateway.address}/commercial.html#token={token}")
        # The fragment alone does not load a page anew, and tabs of one origin share nothing but what they are given.
        self.ready()

    def ready(self):
        eventually(lambda: self.window.run("return document.querySelector('#link').dataset.link") == "ready", lambda: f"{self.name}'s desk is connected")

    def reload(self):
        self.window.reload()
        self.ready()

    def close(self):
        """As somebody who goes home."""
        self.window.close()

    def declare(self, status):
        self.window.run(
            "const s = document.querySelector('#status'); s.value = arguments[0]; s.dispatchEvent(new Event('change'));", status)
        eventually(lambda: not self.window.run("return document.querySelector('#status').disabled"), "the status is taken")

    def cards(self, group):
        """The chats of a list: mine, queue or others, as their text."""
        return self.window.run("return [...document.querySelectorAll(`#${arguments[0]} [data-chat]`)].map((b) => b.innerText)", group)

    def has(self, group, words, patience=None):
        eventually(lambda: any(words in card for card in self.cards(group)), lambda: f"{self.name} has {words!r} in {group}: {self.cards(group)}", patience)

    def choose(self, words, group=None):
        def click():
            return self.window.run(
                "const card = [...document.querySelectorAll(`${arguments[1]} [data-chat]`)].find((b) => b.innerText.includes(arguments[0]));"
                "card?.click(); return Boolean(card);", words, f"#{group}" if group else "")
        eventually(click, f"{self.name} can choose {words!r}")

    @property
    def offers(self):
        return self.window.run("return [...document.querySelectorAll('#offers [data-offer]')].map((o) => o.innerText)")

    def answer(self, answer):
        """Accepts or rejects the first offer."""
        def click():
            return self.window.run(
                "const b = document.querySelector(`#offers [data-answer=${arguments[0]}]`); b?.click(); return Boolean(b);", answer)
        eventually(click, f"{self.name} can {answer} an offer")

    def press(self, name):
        def click():
            return self.window.run(
                "const b = document.getElementById(arguments[0]); if (b.hidden || b.disabled) return false; b.click(); return true;", name)
        eventually(click, f"{self.name} can press {name}")

    def write(self, text, kind="agent"):
        def free():
            return self.window.run("return !document.querySelector(`#write [value=${arguments[0]}]`).disabled", kind)
        eventually(free, f"{self.name} may write {kind}")
        self.window.run(
            "document.querySelector(`#write [value=${arguments[1]}]`).checked = true;"
            "const field = document.querySelector('#text'); field.value = arguments[0];"
            "field.dispatchEvent(new Event('input')); document.querySelector('#write').requestSubmit();", text, kind)

    def type(self, text):
        self.window.run(
            "document.querySelector('#write [value=agent]').checked = true;"
            "const field = document.querySelector('#text'); field.value = arguments[0]; field.dispatchEvent(new Event('input'));", text)

    @property
    def texts(self):
        """Public messages of the chosen chat, oldest first."""
        return self.window.run("return [...document.querySelectorAll('#messages .message:not(.note) .body')].map((p) => p.textContent)")

    @property
    def notes(self):
        return self.window.run("return [...document.querySelectorAll('#messages .note .body')].map((p) => p.textContent)")

    @property
    def facts(self):
        return self.window.run("return document.querySelector('#facts').textContent + ' ' + document.querySelector('#tags').textContent")

    @property
    def typing(self):
        return self.window.run("return document.querySelector('#typing').textContent")

    @property
    def alerts(self):
        return self.window.run("return [...document.querySelectorAll('#alerts li p')].map((p) => p.textContent)")

    @property
    def problem(self):
        return self.window.run("return document.querySelector('#problem').textContent")

    def hears(self, words, patience=None):
        eventually(lambda: any(words in text for text in self.texts), lambda: f"{self.name} reads {words!r} in {self.texts}", patience)
