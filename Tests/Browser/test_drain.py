"""A gateway that is asked to end while people talk through it: their stock clients come back by themselves, and nothing is lost."""

import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import BIN, Gateway, Server, check, equal, eventually, test
from pages import Desk, Shop
from proxy import Proxy


class Node:
    """A gateway on somebody else's database, with a folder of its own."""

    def __init__(self, database):
        self.database = database
        self.folder = tempfile.mkdtemp(prefix="puente-node-")
        self.start()

    def start(self):
        self.server = Server(
            "gateway", ["serve", "--demo", "--port", 0, "--data-dir", self.folder, "--database-url", self.database])
        self.port = int(self.server.line(r"ready http://\S+:(\d+)")[1])

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Balancer(Proxy):
    """What a page sees of several nodes: one address, which leads to one of them."""

    def __init__(self, node):
        super().__init__(node.port)
        self.database = node.database
        self.address = f"http://127.0.0.1:{self.port}"

    def send_to(self, node):
        """New connections; those that are there stay where they are."""
        self.target = ("127.0.0.1", node.port)

    def token(self, role, subject, name):
        words = ["token", "--role", role, "--subject", subject, "--name", name, "--database-url", self.database]
        return subprocess.run([str(BIN / "gateway"), *words], capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def conversation(browser, gateway, name, agent):
    """A visitor who talks with a commercial."""
    desk = Desk(browser, gateway, f"{name}-1", agent)
    shop = Shop(browser, gateway, name)
    shop.language("es")
    shop.say("Quiero hablar con una persona")
    shop.shows(f"Hablas con {agent}")
    desk.choose(shop.visitor, "mine")
    return shop, desk


def talk(shop, desk, interruptions, words=36):
    """Both write, and at some words something happens. Everything must be there in the end, once and in order."""
    own, answers = ["Quiero hablar con una persona"], []
    for n in range(words):
        own.append(f"m{n}")
        shop.say(own[-1])
        if n % 6 == 2:
            answers.append(f"r{n}")
            desk.write(answers[-1])
        if n in interruptions:
            interruptions[n]()
        time.sleep(0.05)
    eventually(lambda: shop.unsent == 0, "everything is sent", patience=60)
    eventually(lambda: shop.own == own, lambda: f"the visitor's words, once and in order: {shop.own}")
    said = lambda: [text for text in shop.theirs if text in answers]
    eventually(lambda: said() == answers, lambda: f"each answer once and in order: {said()}", patience=60)
    eventually(lambda: desk.texts == shop.texts, lambda: f"both read the same:\n{shop.texts}\n{desk.texts}")
    equal(shop.seqs, list(range(1, len(shop.texts) + 1)), "numbers")
    check(desk.name in shop.state, f"the chat is still {desk.name}'s: {shop.state}")
    equal(len(desk.cards("mine")), 1, "chats of the commercial")
    before = shop.texts
    shop.reload()
    eventually(lambda: shop.texts == before, "what the page showed is what is stored")


@test
def rolling_restart(browser):
    """SIGTERM for one of two gateways, and then for the other, amid a conversation: nothing lost, nothing doubled"""
    # The first gateway keeps the database; the two that are drained are nodes beside it.
    house = Gateway()
    nodes = []
    try:
        sockets = Path(house.folder, "data", "postgres", "postmaster.pid").read_text().splitlines()[4]
        database = f"postgresql://puente@/puente?host={sockets}"
        nodes = [Node(database), Node(database)]
        one, two = nodes
        balancer = Balancer(one)
        shop, desk = conversation(browser, balancer, "rolling", "Dora")
        asked = []

        def drain(node, other):
            balancer.send_to(other)
            node.server.process.send_signal(signal.SIGTERM)
            asked.append(node.server)

        def back_again():
            equal(one.server.process.wait(40), 0, "status of the first")
            one.start()
            drain(two, one)

        talk(shop, desk, {8: lambda: drain(one, two), 22: back_again})
        equal([server.process.wait(40) for server in asked], [0, 0], "statuses")
        for server in asked:
            check("drained" in server.tail(200), f"it did not drain: {server.tail()}")
        equal(browser.complaints(), [], "the browser's complaints")
        balancer.stop()
    finally:
        for node in nodes:
            node.stop()
        house.stop()


@test
def restart_in_place(browser, gateway):
    """SIGTERM for the only gateway amid a conversation, and a start on the same address: nothing lost, nothing doubled"""
    shop, desk = conversation(browser, gateway, "in-place", "Inma")
    statuses = []

    def end():
        statuses.append(gateway.server.stop())
        shop.shows("Sin conexión")

    talk(shop, desk, {8: end, 16: gateway.start})
    equal(statuses, [0], "its status")
    equal(browser.complaints(), [], "the browser's complaints")
