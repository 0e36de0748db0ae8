#!/usr/bin/env python3
"""The checker against histories made by hand: sound ones have to pass, and each kind of damage has to be found."""

import copy
import sys

from checker import NAMES, judge, report


def sha(text):
    return f"#{text}"


class Story:
    """A history in the making: one visitor with two sockets and a supervisor, at one event a tenth of a second."""

    def __init__(self):
        self.events, self.now, self.seq = [], 0.0, 0
        self.add("client", "ana", who="visitor:ana", kind="reference")
        self.add("client", "tab", who="visitor:ana", kind="stock")
        self.add("client", "eva", who="supervisor:eva", kind="stock", joins=True)
        self.add("may", "ana", chats=["c"])
        self.add("may", "tab", chats=["c"])

    def add(self, op, proc=None, **fields):
        self.now += 0.1
        self.events.append({"t": self.now, "op": op, **({"proc": proc} if proc else {}), **fields})
        return self.events[-1]

    def send(self, cmid, proc="ana"):
        self.add("send", proc, cmid=cmid, sha=sha(cmid))

    def store(self, cmid, who="visitor:ana"):
        self.seq += 1
        self.add("final", chat="c", seq=self.seq, id=f"id-{cmid}", who=who, cmid=cmid, sha=sha(cmid))

    def ack(self, cmid, seq, proc="ana"):
        self.add("ack", proc, cmid=cmid, chat="c", seq=seq, id=f"id-{cmid}")

    def hear(self, proc, cmid, seq, via="live"):
        self.add("recv", proc, chat="c", seq=seq, id=f"id-{cmid}", cmid=cmid, sha=sha(cmid), via=via)

    def join(self, proc, seq, replay=(), first=1, **fields):
        self.add("joining", proc, chat="c", **fields)
        self.add("join", proc, chat="c", seq=seq, first=first)
        for number, cmid in enumerate(replay, first):
            self.hear(proc, cmid, number, "replay")

    def find(self, op, **fields):
        return next(e for e in self.events if e["op"] == op and all(e.get(k) == v for k, v in fields.items()))

    def drop(self, op, **fields):
        self.events.remove(self.find(op, **fields))


def sound():
    """Two messages of the visitor with a supervisor's in between, a lost line, a message that nobody knows about."""
    story = Story()
    story.add("begin", "tab")
    story.add("begin", "eva")
    story.send("a")
    story.store("a")
    story.ack("a", 1)
    story.hear("ana", "a", 1, "own")
    story.join("ana", 1, after=1)
    story.join("tab", 1, ["a"])
    story.join("eva", 1, ["a"])
    story.send("b", "eva")
    story.store("b", "supervisor:eva")
    story.hear("tab", "b", 2)
    story.ack("b", 2, "eva")
    story.hear("eva", "b", 2, "own")
    story.hear("ana", "b", 2)
    story.add("end", "tab")
    story.add("fault", name="kill", until=story.now + 1)
    story.send("c")
    story.store("c")
    story.add("left", "eva", chat="c")
    story.ack("c", 3)
    story.hear("ana", "c", 3, "own")
    story.send("d", "eva")
    story.add("timeout", "eva", cmid="d")
    story.send("e", "eva")
    story.add("nack", "eva", cmid="e", code="forbidden")
    story.add("heal")
    story.add("begin", "tab")
    story.join("tab", 3, "abc")
    story.send("f")
    story.store("f")
    story.hear("tab", "f", 4)
    story.join("eva", 3, "abc")
    story.hear("eva", "f", 4)
    story.ack("f", 4)
    story.hear("ana", "f", 4, "own")
    return story


DAMAGE = []


def damage(*invariants):
    def register(function):
        DAMAGE.append((function, set(invariants)))
        return function
    return register


@damage(1, 4)
def an_acknowledged_message_is_not_there(story):
    story.drop("final", seq=2)


@damage(1)
def it_is_there_under_another_number(story):
    ack = story.find("ack", cmid="b")
    row = story.find("final", cmid="b")
    row["seq"], story.find("final", cmid="c")["seq"] = 3, 2
    assert ack["seq"] == 2


@damage(1, 2)
def its_words_are_others(story):
    story.find("final", cmid="a")["sha"] = sha("z")


@damage(2)
def a_row_that_nobody_sent(story):
    story.store("nobody")


@damage(2)
def a_refused_message_is_stored(story):
    story.find("nack")["cmid"] = "d"
    story.drop("timeout")
    story.store("d", "supervisor:eva")


@damage(3)
def a_resent_message_is_stored_twice(story):
    story.store("f")


@damage(3)
def one_number_stands_for_two_rows(story):
    story.find("final", seq=2)["seq"] = 1


@damage(3)
def a_library_gives_a_number_twice(story):
    story.hear("ana", "f", 4)


@damage(3)
def the_wire_says_a_number_twice_behind_a_join(story):
    story.hear("tab", "f", 4)


@damage(4)
def a_number_is_left_out(story):
    for event in story.events:
        if event.get("seq") == 4:
            event["seq"] = 5


@damage(5)
def a_library_leaves_one_out(story):
    story.drop("recv", proc="ana", seq=2)


@damage(5)
def two_change_places(story):
    two, three = story.find("recv", proc="ana", seq=2), story.find("recv", proc="ana", seq=3)
    two["t"], three["t"] = three["t"], two["t"]


@damage(5)
def behind_the_join_one_is_missing(story):
    story.find("join", proc="eva", seq=3)["seq"] = 2
    story.events = [e for e in story.events if not (e.get("proc") == "eva" and e.get("seq") == 3 and e["op"] == "recv")]


@damage(5)
def what_the_join_held_comes_again(story):
    story.hear("tab", "c", 3)


@damage(5)
def the_page_begins_too_late(story):
    story.find("joining", proc="ana")["after"] = 0


@damage(5)
def an_ack_overtakes(story):
    story.find("recv", proc="eva", seq=2)["t"] = story.now + 1
    story.hear("eva", "f", 4)


@damage(6)
def what_was_sent_later_came_before(story):
    story.find("send", cmid="b")["t"] = story.find("ack", cmid="f")["t"] + 0.01


@damage(7)
def an_own_message_has_two_numbers(story):
    story.hear("ana", "f", 5)
    story.find("recv", proc="ana", seq=5)["id"] = "id-f-again"


@damage(7)
def what_was_acknowledged_is_not_in_the_answer(story):
    story.join("tab", 3, "abc")


@damage(8)
def two_clients_hear_two_messages(story):
    story.find("recv", proc="tab", seq=2)["sha"] = sha("another")


@damage(8)
def a_replay_says_something_else(story):
    story.find("recv", proc="eva", seq=3, via="replay")["id"] = "another"


@damage(9)
def somebody_hears_a_foreign_chat(story):
    story.add("recv", "tab", chat="other", seq=1, id="x", sha="x", via="live")


@damage(9)
def somebody_who_left_goes_on_hearing(story):
    left = story.find("left")["t"]
    story.hear("eva", "c", 3)
    story.events[-1]["t"] = left + 0.01


@damage(9)
def somebody_hears_before_the_join(story):
    story.hear("eva", "a", 1)
    story.events[-1]["t"] = story.find("begin", proc="eva")["t"] + 0.01


@damage(10)
def somebody_never_gets_the_last_one(story):
    story.drop("recv", proc="tab", seq=4)


@damage(10)
def somebody_gets_it_too_late(story):
    story.find("recv", proc="tab", seq=4)["t"] = story.now + 31


@damage(10)
def a_message_is_never_answered(story):
    story.drop("timeout")


@damage(10)
def nothing_healed(story):
    story.drop("heal")


def main():
    passed, failed = 0, []

    def test(name, problem):
        nonlocal passed
        if problem:
            failed.append(name)
            print(f"  FAIL  {name}: {problem}")
        else:
            passed += 1

    good = sound()
    test("a sound history passes", judge(good.events))
    test("an empty chat passes", judge([{"op": "heal", "t": 0}]))
    test("the order of the lines does not matter", judge(good.events[::-1]))
    test("a sound history can be reported", None if report(good.events) else "nothing")
    resent = sound()
    resent.ack("a", 1)
    test("an ack may come twice", judge(resent.events))
    unknown = sound()
    unknown.store("d", "supervisor:eva")
    for proc, via in (("ana", "live"), ("tab", "live"), ("eva", "live")):
        unknown.hear(proc, "d", 5, via)
    test("an unknown outcome may be stored", judge(unknown.events))
    found = set()
    for function, expected in DAMAGE:
        story = sound()
        before = copy.deepcopy(story.events)
        function(story)
        assert story.events != before, function.__name__
        broken = {violation.invariant for violation in judge(story.events)}
        found |= broken & expected
        missed = ", ".join(NAMES[n] for n in sorted(expected - broken))
        test(function.__name__.replace("_", " "), missed and f"not found: {missed}; but {sorted(broken)}")
    test("each invariant has caught something", None if found == set(NAMES) else f"not {set(NAMES) - found}")
    for name in failed:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
