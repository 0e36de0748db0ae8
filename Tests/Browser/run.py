#!/usr/bin/env python3
"""Runs the client and browser tests: run.py [WORD…] runs those whose file or name contains one of the words.

Prints a line per test and at the end "N passed, N failed"."""

import importlib
import inspect
import sys
import time
import traceback
from pathlib import Path

import harness
import house

FIXTURES = {
    "conformance": harness.Conformance, "secure": harness.SecureConformance, "gateway": harness.Gateway,
    "browser": harness.Browser, "house": house.House,
}


def tidy(made):
    """Leaves nothing of a test to the next one."""
    if "browser" in made:
        made["browser"].close_windows()
    if "gateway" in made:
        try:
            made["gateway"].tidy()
        except harness.Failed as failure:
            print(f"      not tidied: {failure}", flush=True)


def main(words):
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        importlib.import_module(file.stem)
    tests = [t for t in harness.TESTS if not words or any(w in f"{t.__module__} {t.__name__}" for w in words)]
    if not tests:
        print("no such test\n0 passed, 1 failed")
        return 1
    # A fixture is made when the first test wants it and lives until the last one has run.
    made = {}
    passed, failed = 0, []
    try:
        for test in tests:
            begin = time.monotonic()
            name = f"{test.__module__.removeprefix('test_')}: {test.__doc__ or test.__name__}"
            try:
                for fixture in inspect.signature(test).parameters:
                    if fixture not in made:
                        made[fixture] = FIXTURES[fixture]()
                test(**{fixture: made[fixture] for fixture in inspect.signature(test).parameters})
                passed += 1
                print(f"  ok    {name} ({time.monotonic() - begin:.1f} s)", flush=True)
            except Exception as error:
                failed.append(name)
                print(f"  FAIL  {name} ({time.monotonic() - begin:.1f} s)\n      {error}", flush=True)
                if not isinstance(error, harness.Failed):
                    traceback.print_exc()
                for fixture in inspect.signature(test).parameters:
                    server = getattr(made.get(fixture), "server", None)
                    if server and server.tail():
                        print(f"      {fixture} said last:\n{server.tail()}", flush=True)
            finally:
                tidy(made)
    finally:
        for fixture in reversed(made.values()):
            fixture.stop()
    for name in failed:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
