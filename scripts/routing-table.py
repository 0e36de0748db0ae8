#!/usr/bin/env python3
"""Runs every policy of `gateway simulate` over teams and loads, and writes what docs/routing.md shows.

    scripts/routing-table.py [--gateway .build-release/release/gateway] [--chats 2000000] [--chart docs/images/routing.svg]
        [--only waits,chart,fairness,asking]

The tables go to the standard output as Markdown, the chart into an SVG file. Only the standard library is needed.
"""

import argparse
import json
import subprocess
import sys

POLICIES = ["random", "round-robin", "power-of-two", "jiq", "jsq", "central"]
TEAMS = [(10, 0.70), (10, 0.90), (10, 0.95), (50, 0.90), (50, 0.95)]
# One line for all against the dearest and the cheapest way to bind early.
CURVES = [("random", "#b3261e"), ("round-robin", "#c77700"), ("jsq", "#4a6fa5"), ("central", "#1b7f4b")]
# The product's own, by who has how many places.
SHARING = [
    ("1,2,4", "central"), ("1,2,4", "least-loaded"), ("1,2,4", "longest-idle"), ("1,2,4", "round-robin"),
    ("1,1,4", "central"), ("1,4", "central"), ("4", "central"), ("4", "least-loaded"),
]
SHARING_LOADS = [0.1, 0.2, 0.35, 0.5, 0.7, 0.9]
# What asking and coming back do to ten people at a load of 0.7.
ASKING = [
    ("given at once", []),
    ("asked, 0.03 to answer", ["--offers", "--answer-time", "0.03"]),
    ("a tenth refused besides", ["--offers", "--answer-time", "0.03", "--refused", "0.1"]),
    ("a tenth not answered besides", ["--offers", "--answer-time", "0.03", "--missed", "0.1"]),
    ("half come back", ["--returning", "0.5"]),
    ("and are kept for 0.1", ["--returning", "0.5", "--sticky-hold", "0.1"]),
    ("and are kept for 0.5", ["--returning", "0.5", "--sticky-hold", "0.5"]),
]
LOADS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95]


def simulate(arguments, agents, load, policy, more=()):
    command = arguments.gateway.split() + [
        "simulate", "--agents", str(agents), "--load", str(load), "--policy", policy,
        "--chats", str(arguments.chats), "--seed", str(arguments.seed), "--json", *more,
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def table(arguments):
    print("| people, load | " + " | ".join(POLICIES) + " | Erlang C |")
    print("|---|" + "---|" * (len(POLICIES) + 1))
    for agents, load in TEAMS:
        cells = []
        for policy in POLICIES:
            run = simulate(arguments, agents, load, policy)
            cell = f"{run['meanWait']:.3g} / {run['p95']:.3g}"
            cells.append(f"**{cell}**" if policy == "central" else cell)
        print(f"| {agents}, {load:.2f} | " + " | ".join(cells) + f" | {run['erlangC']:.4f} |", flush=True)


def fairness(arguments, agents=10):
    """Jain's index, and in brackets how far people are apart at a moment."""
    print("| caps, policy | " + " | ".join(f"{load:g}" for load in SHARING_LOADS) + " |")
    print("|---|" + "---|" * len(SHARING_LOADS))
    for caps, policy in SHARING:
        more = ["--caps", caps, "--spread", "--binding", "free"]
        runs = [simulate(arguments, agents, load, policy, more) for load in SHARING_LOADS]
        cells = [f"{run['jain']:.3f} ({run['utilisationSpread']:.2f})" for run in runs]
        print(f"| {caps}, {policy} | " + " | ".join(cells) + " |", flush=True)


def asking(arguments, agents=10, load=0.7):
    print("| | mean wait | p95 | same person again | offers a chat | refused, missed |")
    print("|---|---|---|---|---|---|")
    for name, more in ASKING:
        run = simulate(arguments, agents, load, "central", more)
        again = f"{100 * run['stickyHitRate']:.0f} %" if "stickyHitRate" in run else ""
        offers = f"{run['offersPerChat']:.2f}" if "offersPerChat" in run else ""
        lost = f"{100 * run['refused']:.1f} %, {100 * run['missed']:.1f} %" if offers else ""
        print(f"| {name} | {run['meanWait']:.3f} | {run['p95']:.3f} | {again} | {offers} | {lost} |", flush=True)


def chart(arguments, agents=10):
    """Mean waits over the load: one curve a policy, Erlang C as dots; logarithmic, from a hundredth to twenty."""
    from math import log10

    width, height, left, bottom, top = 720, 400, 60, 50, 20
    low, high = -2.0, log10(30)

    def x(load):
        return left + (load - 0.5) / 0.45 * (width - left - 130)

    def y(wait):
        share = (log10(max(wait, 0.01)) - low) / (high - low)
        return height - bottom - share * (height - bottom - top)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>Mean wait over load, {agents} people, by policy</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for wait in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30):
        parts.append(
            f'<line x1="{left}" x2="{x(0.95):.1f}" y1="{y(wait):.1f}" y2="{y(wait):.1f}" stroke="#e3e3e3"/>'
            f'<text x="{left - 8}" y="{y(wait) + 4:.1f}" text-anchor="end" fill="#444">{wait:g}</text>')
    for load in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        parts.append(
            f'<text x="{x(load):.1f}" y="{height - bottom + 20}" text-anchor="middle" fill="#444">{load:g}</text>')
    parts.append(
        f'<text x="{(left + x(0.95)) / 2:.1f}" y="{height - 10}" text-anchor="middle" fill="#444">'
        "load: arrivals over what everybody together can handle</text>")
    parts.append(
        f'<text transform="translate(16 {height / 2:.0f}) rotate(-90)" text-anchor="middle" fill="#444">'
        "mean wait, in handle times</text>")
    for policy, colour in CURVES:
        points = []
        for load in LOADS:
            run = simulate(arguments, agents, load, policy)
            points.append((load, run["meanWait"]))
            if policy == "central":
                parts.append(
                    f'<circle cx="{x(load):.1f}" cy="{y(run["erlangC"]):.1f}" r="4" fill="none" stroke="#222"/>')
        line = " ".join(f"{x(load):.1f},{y(wait):.1f}" for load, wait in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{x(0.95) + 8:.1f}" y="{y(points[-1][1]) + 4:.1f}" fill="{colour}">{policy}</text>')
    parts.append(f'<text x="{x(0.95) + 8:.1f}" y="{y(1.05):.1f}" fill="#222">○ Erlang C</text>')
    parts.append("</svg>\n")
    with open(arguments.chart, "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


PARTS = {"waits": table, "chart": chart, "fairness": fairness, "asking": asking}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gateway", default=".build-release/release/gateway")
    parser.add_argument("--chats", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chart", default="docs/images/routing.svg")
    parser.add_argument("--only", default=",".join(PARTS), help="some of " + ", ".join(PARTS))
    arguments = parser.parse_args()
    for part in arguments.only.split(","):
        PARTS[part](arguments)


if __name__ == "__main__":
    sys.exit(main())
