#!/usr/bin/env python3
"""Puts the figures of one run into docs/performance.md (between its two marks) and docs/images/performance.svg.

    scripts/performance-figures.py RUN.json "What ran beside it, when, on what."

RUN.json: a list of {"server": name, "scenario": name, "runs": [{"us": CPU us per operation, "bytes": resident bytes per
connection or null, "p99_ms": …}, …]}; the server `limit` is what the others are compared with, repeat by repeat. A run
that failed is a text instead of an object.
"""
import json
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE, CHART = ROOT / "docs" / "performance.md", ROOT / "docs" / "images" / "performance.svg"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
NAMES = {
    "ack1": "echo with ack, 200 connections x 1 in flight",
    "ack10": "echo with ack, 200 x 10",
    "broadcast": "broadcast to 1,000, a delivery",
    "rooms": "2,000 rooms of 3 at 20,000/s, a delivery",
    "polling": "long-polling round trip",
    "connect": "connect, up to the CONNECT answer",
    "hold": "hold, a connection for a second",
}
COLOURS = ["#1d6fb8", "#b9c4cf", "#8f9ba8", "#6b7783"]


def figures(runs):
    """-> [(scenario, limit's figures, {server: figures})], ours last among the servers; figures: us, ratio, bytes, p99."""
    table = []
    for scenario in NAMES:
        rows = {run["server"]: run["runs"] for run in runs if run["scenario"] == scenario}
        limit = rows.pop("limit", None)
        good = {name: row for name, row in rows.items() if row and all(isinstance(x, dict) for x in row)}
        if not limit or not good:
            continue
        table.append((scenario, measured(limit, limit), {name: measured(row, limit) for name, row in good.items()}))
    return table


def measured(row, limit):
    def median(name):
        values = [x[name] for x in row if x.get(name)]
        return statistics.median(values) if values else None

    ratio = statistics.median(x["us"] / least["us"] for x, least in zip(row, limit))
    return median("us"), ratio, median("bytes"), median("p99_ms")


def three(value):
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def page(table, note):
    names = list(dict.fromkeys(name for _, _, servers in table for name in servers))
    lines = [f"| scenario | limit, us | {' | '.join(f'{name}, us (ratio)' for name in names)} |"]
    lines.append("|---" * (2 + len(names)) + "|")
    for scenario, limit, servers in table:
        cells = [f"{three(servers[n][0])} ({servers[n][1]:.2f})" if n in servers else "–" for n in names]
        lines.append(f"| {NAMES[scenario]} | {three(limit[0])} | {' | '.join(cells)} |")
    for scenario, limit, servers in table:
        for title, place, unit in (("Resident memory per joined connection", 2, "bytes"), ("p99", 3, "ms")):
            if (place == 2 or scenario == "rooms") and limit[place]:
                figures = [f"{name} {row[place]:,.{place - 2}f}" for name, row in [("limit", limit), *servers.items()]]
                lines += ["", f"{title}, {NAMES[scenario]}: {', '.join(figures)} {unit}."]
    return "\n".join([BEGIN, note, "", *lines, END])


def chart(table):
    names = list(dict.fromkeys(name for _, _, servers in table for name in servers))
    most = max(ratio for _, _, servers in table for _, ratio, *_ in servers.values())
    row, bar, left, width = 24 + 14 * len(names), 12, 310, 380
    height = 40 + row * len(table) + 30
    unit = width / max(most, 1)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 70} {height}" font-family="sans-serif"'
        ' font-size="12"><title>CPU time per operation, as a multiple of the limit server\'s</title>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<text x="10" y="22" font-weight="bold">CPU time per operation, limit server = 1</text>',
        f'<line x1="{left + unit:.1f}" y1="32" x2="{left + unit:.1f}" y2="{height - 28}" stroke="#c0392b"/>',
    ]
    for index, (scenario, _, servers) in enumerate(table):
        y = 44 + row * index
        out.append(f'<text x="10" y="{y + 11}">{NAMES[scenario]}</text>')
        for number, name in enumerate(names):
            if name not in servers:
                continue
            ratio, top = servers[name][1], y + 14 * number
            out.append(
                f'<rect x="{left}" y="{top}" width="{ratio * unit:.1f}" height="{bar}" fill="{COLOURS[number % 4]}"/>'
                f'<text x="{left + ratio * unit + 5:.1f}" y="{top + 10}">{ratio:.2f}</text>'
            )
    for number, name in enumerate(names):
        x = 10 + 150 * number
        out.append(
            f'<rect x="{x}" y="{height - 18}" width="10" height="10" fill="{COLOURS[number % 4]}"/>'
            f'<text x="{x + 15}" y="{height - 9}">{name}</text>'
        )
    return "\n".join([*out, "</svg>\n"])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    table = figures(json.loads(Path(sys.argv[1]).read_text()))
    if not table:
        sys.exit("performance-figures: no scenario with a limit and another server")
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        sys.exit(f"performance-figures: {PAGE} has no marks")
    PAGE.write_text(before + page(table, sys.argv[2]) + after)
    CHART.write_text(chart(table))


if __name__ == "__main__":
    main()
