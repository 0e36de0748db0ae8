"""Judges a history that clients wrote: a pure function from events to what is wrong with them.

A history is a list of dictionaries, one event each, in any order; `t` is seconds on one clock. What servers say of
themselves is no part of it, but for `final`: the table, read when everything was over.

| op | fields | |
|---|---|---|
| `client` | proc, who, kind, joins? | kind: `reference` is a client library's user, `stock` a bare wire; joins: it hears what it joined |
| `may` | proc, chats | the chats that it may ever hear; missing: every one |
| `send` | proc, cmid, sha, chat? | before it left |
| `ack` `nack` `timeout` | proc, cmid; seq, id, chat; code | `timeout`: nobody knows |
| `begin` `end` | proc | a stock client's connection; what is heard belongs to the one that is open |
| `joining` `join` | proc, chat; after?; seq, first? | invoked; answered with `lastSeq`, and where the page began |
| `left` | proc, chat | `chat:leave` was acknowledged |
| `recv` | proc, chat, seq, id, sha, via | via: `live`, `replay`, `own` (an ack takes its message's place) |
| `heal` | | nothing is broken from here on |
| `fault` | name, until | for the report |
| `final` | chat, seq, id, who, cmid, sha | a row |
"""

from collections import Counter, defaultdict
from typing import NamedTuple

CONVERGES_WITHIN = 30
# After these nobody knows whether a message was stored; after any other refusal it was not.
UNDECIDED = {"unavailable", "timeout"}


class Violation(NamedTuple):
    invariant: int
    what: str


NAMES = {
    1: "no loss", 2: "no ghosts", 3: "no duplicates", 4: "gapless", 5: "order", 6: "real time", 7: "session",
    8: "stable", 9: "isolation", 10: "liveness",
}


class History:
    """The events, sorted and looked up in the ways that the invariants need."""

    def __init__(self, events):
        # Of two at one moment the invocation is the later one: it proves nothing about the other.
        self.events = sorted(events, key=lambda e: (e.get("t", 0), e["op"] in ("send", "joining")))
        self.clients = {e["proc"]: e for e in self.of("client")}
        self.may = {e["proc"]: set(e["chats"]) for e in self.of("may")}
        self.sends = {(self.who(e), e["cmid"]): e for e in reversed(self.of("send"))}
        self.final = self.of("final")
        self.rows = defaultdict(dict)
        for row in self.final:
            self.rows[row["chat"]].setdefault(row["seq"], row)
        self.by_cmid = defaultdict(list)
        for row in self.final:
            self.by_cmid[row["who"], row["cmid"]].append(row)
        self.heal = max((e["t"] for e in self.of("heal")), default=None)

    def of(self, *ops):
        return [e for e in self.events if e["op"] in ops]

    def who(self, event):
        return self.clients[event["proc"]]["who"]

    def is_stock(self, proc):
        return self.clients[proc]["kind"] == "stock"


def judge(events):
    """-> what is wrong with a history, in the order of the invariants; empty when nothing is."""
    history = History(events)
    judges = (loss, ghosts, duplicates, gapless, order, real_time, session, stable, isolation, liveness)
    return [Violation(n, text) for n, one in enumerate(judges, 1) for text in dict.fromkeys(one(history))]


def loss(h):
    for ack in h.of("ack"):
        rows, send = h.by_cmid[h.who(ack), ack["cmid"]], h.sends.get((h.who(ack), ack["cmid"]))
        name = f"{ack['cmid']}, acknowledged as {ack['chat']} {ack['seq']},"
        if len(rows) != 1:
            yield f"{name} is stored {len(rows)} times"
        elif (rows[0]["chat"], rows[0]["seq"], rows[0]["id"]) != (ack["chat"], ack["seq"], ack["id"]):
            yield f"{name} is stored as {rows[0]['chat']} {rows[0]['seq']}"
        elif send and rows[0]["sha"] != send["sha"]:
            yield f"{name} is stored with other words"


def ghosts(h):
    acks = {(h.who(e), e["cmid"]) for e in h.of("ack")}
    for row in h.final:
        send = h.sends.get((row["who"], row["cmid"]))
        if send is None:
            yield f"{row['chat']} {row['seq']} was sent by nobody ({row['who']}, {row['cmid']})"
        elif send["sha"] != row["sha"]:
            yield f"{row['chat']} {row['seq']} is not what was sent as {row['cmid']}"
    for nack in h.of("nack"):
        key = (h.who(nack), nack["cmid"])
        if nack["code"] not in UNDECIDED and key not in acks and h.by_cmid.get(key):
            yield f"{nack['cmid']} was refused ({nack['code']}) and is stored"


def duplicates(h):
    for (who, cmid), rows in h.by_cmid.items():
        if len(rows) > 1:
            yield f"{cmid} of {who} is stored as {[row['seq'] for row in rows]}"
    for (chat, seq), count in Counter((row["chat"], row["seq"]) for row in h.final).items():
        if count > 1:
            yield f"{chat} {seq} is {count} rows"
    for proc, chats in streams(h).items():
        for chat, stream in chats.items():
            for part in stream:
                seen = Counter(e["seq"] for e in part if not h.is_stock(proc) or e["via"] == "live")
                for seq, count in seen.items():
                    if count > 1:
                        yield f"{proc} got {chat} {seq} {count} times"


def gapless(h):
    for chat, rows in h.rows.items():
        missing = sorted(set(range(1, max(rows) + 1)) - set(rows))
        if missing or min(rows) < 1:
            yield f"{chat} lacks {missing[:10]} of {max(rows)}"


def streams(h):
    """What each client heard of each chat, in parts that have to be whole in themselves: for a reference client
    from each join after a leave on, for a stock one from each join or connection on."""
    heard = defaultdict(lambda: defaultdict(lambda: [[]]))
    for e in h.events:
        proc = e.get("proc")
        if e["op"] == "recv":
            heard[proc][e["chat"]][-1].append(e)
        elif e["op"] == "left":
            heard[proc][e["chat"]].append([])
        elif e["op"] == "begin":
            for parts in heard[proc].values():
                parts.append([])
        elif e["op"] == "join" and h.is_stock(proc):
            heard[proc][e["chat"]].append([e])
    return {
        proc: {chat: [[e for e in part if e["op"] == "recv"] for part in parts if part] for chat, parts in chats.items()}
        for proc, chats in heard.items()
    }


def order(h):
    for proc, chats in streams(h).items():
        for chat, parts in chats.items():
            for part in parts:
                numbers = [e["seq"] for e in part]
                if h.is_stock(proc):
                    # Own acks of a resend, and a replay, may tell once more what is known.
                    numbers = list(dict.fromkeys(numbers))
                for before, after in zip(numbers, numbers[1:]):
                    if after != before + 1:
                        yield f"{proc} got {chat} {after} after {before}"
    # After a join's answer comes what is above it, at once and without a hole.
    place, begins = {}, {}
    for e in h.events:
        key = (e.get("proc"), e.get("chat"))
        if e["op"] == "joining" and "after" in e:
            begins[key] = e["after"] + 1
        elif e["op"] == "recv" and begins.get(key, e["seq"]) != e["seq"]:
            yield f"{e['proc']} asked for {e['chat']} from {begins[key]} on and got {e['seq']}"
        if e["op"] == "recv":
            begins.pop(key, None)
        if e["op"] in ("begin", "end"):
            place = {k: v for k, v in place.items() if k[0] != e["proc"]}
        elif e["op"] == "join" and h.is_stock(e["proc"]):
            place[key] = e["seq"]
        elif e["op"] == "left":
            place.pop(key, None)
        elif e["op"] == "recv" and key in place and e["via"] != "replay":
            if e["seq"] > place[key] + 1 or e["via"] == "live" and e["seq"] <= place[key]:
                yield f"{e['proc']} stood at {e['chat']} {place[key]} and got {e['seq']}"
            place[key] = max(place[key], e["seq"])


def real_time(h):
    known = {key: rows[0] for key, rows in h.by_cmid.items() if len(rows) == 1}
    highest = defaultdict(int)
    for e in h.events:
        if e["op"] == "ack":
            highest[e["chat"]] = max(highest[e["chat"]], e["seq"])
        elif e["op"] == "send" and e is h.sends[h.who(e), e["cmid"]]:
            row = known.get((h.who(e), e["cmid"]))
            if row and row["seq"] <= highest[row["chat"]]:
                yield f"{e['cmid']} became {row['chat']} {row['seq']}, sent after the ack of {highest[row['chat']]}"


def session(h):
    own = defaultdict(set)
    for e in h.of("ack"):
        own[h.who(e), e["cmid"]].add((e["chat"], e["seq"]))
    ids = {(e["proc"], e["chat"], e["id"]): (h.who(e), e["cmid"]) for e in h.of("ack")}
    for e in h.of("recv"):
        key = (h.who(e), e["cmid"]) if e.get("cmid") else ids.get((e["proc"], e["chat"], e["id"]))
        if key in h.sends:
            own[key].add((e["chat"], e["seq"]))
    for (who, cmid), places in own.items():
        if len(places) > 1:
            yield f"{who} knows {cmid} as {sorted(places)}"
    acked, invoked = defaultdict(int), {}
    for e in h.events:
        key = (h.who(e), e["chat"]) if e["op"] in ("ack", "joining", "join") else None
        if e["op"] == "ack":
            acked[key] = max(acked[key], e["seq"])
        elif e["op"] == "joining":
            invoked[e["proc"], e["chat"]] = acked[key]
        elif e["op"] == "join" and e["seq"] < invoked.pop((e["proc"], e["chat"]), 0):
            yield f"{e['proc']} joined {e['chat']} and does not see what {key[0]} was told to be stored"


def stable(h):
    known = {}
    for e in h.of("final", "recv", "ack"):
        if e["op"] == "ack":
            send = h.sends.get((h.who(e), e["cmid"]))
            e = {**e, "sha": send["sha"]} if send else e
        seen = (e["id"], e.get("sha"))
        if known.setdefault((e["chat"], e["seq"]), seen) != seen:
            yield f"{e['chat']} {e['seq']} is two messages"


def isolation(h):
    inside, left = set(), set()
    for e in h.events:
        key = (e.get("proc"), e.get("chat"))
        if e["op"] == "begin":
            inside = {k for k in inside if k[0] != e["proc"]}
        elif e["op"] == "join":
            inside.add(key)
        elif e["op"] == "left":
            inside.discard(key)
            left.add(key)
        elif e["op"] == "recv":
            if e["chat"] not in h.may.get(e["proc"], {e["chat"]}):
                yield f"{e['proc']} heard {e['chat']}, which is not theirs"
            elif e["via"] == "live" and key not in inside and h.is_stock(e["proc"]):
                if key in left or h.clients[e["proc"]].get("joins"):
                    yield f"{e['proc']} heard {e['chat']} {e['seq']} and was not in it"


def liveness(h):
    if h.heal is None:
        yield "the history does not say when it healed"
        return
    # Who is inside at the end has to have everything, and soon.
    inside, had, last = {}, defaultdict(set), {}
    for e in h.events:
        key = (e.get("proc"), e.get("chat"))
        if e["op"] in ("begin", "end") and h.is_stock(e["proc"]):
            inside = {k: v for k, v in inside.items() if k[0] != e["proc"]}
        elif e["op"] == "join":
            inside.setdefault(key, e.get("first") or 1)
            last[key] = max(last.get(key, 0), e["t"])
        elif e["op"] == "left":
            inside.pop(key, None)
        elif e["op"] == "recv":
            if e["seq"] not in had[key]:
                last[key] = max(last.get(key, 0), e["t"])
            had[key].add(e["seq"])
    for (proc, chat), first in inside.items():
        missing = {seq for seq in h.rows[chat] if seq >= first} - had[proc, chat]
        if missing:
            yield f"{proc} never got {chat} {sorted(missing)[:10]}"
    quiet = max((e["t"] for e in h.of("send", "ack")), default=0)
    for key, t in last.items():
        if key in inside and t > max(h.heal, quiet) + CONVERGES_WITHIN:
            yield f"{key[0]} had all of {key[1]} only {t - h.heal:.0f} s after the faults"
    answered = {(h.who(e), e["cmid"]) for e in h.of("ack", "nack", "timeout")}
    for key, send in h.sends.items():
        if key not in answered:
            yield f"{key[1]} of {key[0]} was never answered"


def report(events):
    """-> lines for people: how much there was, how late it came, what was answered while what was broken."""
    h = History(events)
    answers = h.of("ack", "nack", "timeout")
    sent = {(h.who(e), e["cmid"]): e["t"] for e in h.of("send")}
    acks = {(h.who(e), e["cmid"]): e for e in h.of("ack")}
    faults = h.of("fault")
    lines = [
        f"{len(h.clients)} clients, {len(h.rows)} chats, {len(sent)} sends, {len(acks)} acknowledged, {len(h.final)} stored, "
        f"{len(h.of('recv'))} received, {len(faults)} faults"]
    calm = [f for f in faults if f.get("until")]
    at = {(e["chat"], e["seq"]): e["t"] for e in acks.values()}
    delays = sorted(
        e["t"] - at[e["chat"], e["seq"]] for e in h.of("recv")
        if e["via"] == "live" and (e["chat"], e["seq"]) in at
        and not any(f["t"] - 1 < at[e["chat"], e["seq"]] < f["until"] + 5 for f in calm))
    if delays:
        p = lambda share: max(0, delays[min(len(delays) - 1, int(len(delays) * share))]) * 1000
        lines.append(f"from ack to others, away from faults: p50 {p(.5):.0f} ms, p99 {p(.99):.0f} ms, p99.9 {p(.999):.0f} ms")
    by_fault = defaultdict(Counter)
    for e in answers:
        for f in calm:
            if f["t"] <= e["t"] <= f["until"]:
                by_fault[f["name"].split(" ")[0]]["ok" if e["op"] == "ack" else e.get("code", e["op"])] += 1
    for name, counts in sorted(by_fault.items()):
        lines.append(f"  {name:24} " + ", ".join(f"{count} {what}" for what, count in counts.most_common()))
    return lines
