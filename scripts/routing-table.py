#!/usr/bin/env python3
"""Runs every policy of `gateway simulate` over teams and loads, and writes what docs/routing.md shows.

    scripts/routing-table.py [--gateway .build-release/release/gateway] [--chats 2000000] [--chart docs/images/routing.svg]

The table goes to the standard output as Markdown, the chart into an SVG file. Only the standard library is needed.
"""

import argparse
import json
import subprocess
import sys

POLICIES = ["random", "round-robin", "power-of-two", "jiq", "jsq", "central"]
TEAMS = [(10, 0.70), (10, 0.90), (10, 0.95), (50, 0.90), (50, 0.95)]
# One line for all against the dearest and the cheapest way to bind early.
CURVES = [("random", "#b3261e"), ("round-robin", "#c77700"), ("jsq", "#4a6fa5"), ("central", "#1b7f4b")]
LOADS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95]


def simulate(arguments, agents, load, policy):
    command = arguments.gateway.split() + [
        "simulate", "--agents", str(agents), "--load", str(load), "--policy", policy,
        "--chats", str(arguments.chats), "--seed", str(arguments.seed), "--json",
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gateway", default=".build-release/release/gateway")
    parser.add_argument("--chats", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chart", default="docs/images/routing.svg")
    arguments = parser.parse_args()
    table(arguments)
    chart(arguments)


if __name__ == "__main__":
    sys.exit(main())
