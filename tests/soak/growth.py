"""How many Qt objects and how much memory thousands of random edits leave behind.

    python -m tests.soak.growth [--edits 20000] [--seed 1] [--every 2000]

The engine is made of nothing, so that the window alone is measured. Printed are the counts as they go and, at the end,
by class; the status is 1 when a wrapper in Python no longer fits what is at its address.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=2000)
    options = parser.parse_args()
    faulthandler.enable()
    os.environ["LAMELLA_HOME"] = home = tempfile.mkdtemp(prefix="lamella-growth-")
    logging.basicConfig(level=logging.WARNING)
    return _run(options.edits, options.seed, options.every, Path(home))


def _run(edits: int, seed: int, every: int, home: Path) -> int:
    # Qt is loaded once LAMELLA_HOME is set
    from app.shell.gui import make_application
    from tests.soak.measuring import let_go
    from tests.soak.random_edits import RandomEdits
    from tests.soak.window import open_window
    from tests.support.objects import growth, known_objects, objects_below, stale_wrappers

    application = make_application()
    desktop = open_window(application, home)
    hand = RandomEdits(desktop, seed)
    for _ in range(every):
        hand.step()
    begun = time.monotonic()
    known = below = known_then = below_then = Counter[str]()
    wrong: list[str] = []
    for number in range(edits + 1):
        if number % every == 0:
            hand.rest()
            let_go()
            known, below = known_objects(), objects_below(desktop.window)
            if number == 0:
                known_then, below_then = known, below
            wrong = stale_wrappers()
            memory = psutil.Process().memory_info().rss / 2**20
            print(
                f"{number:6} edits {time.monotonic() - begun:6.0f} s  known {known.total():6}  below the window "
                f"{below.total():6}  {memory:6.0f} MB  stale {len(wrong)}",
                flush=True,
            )
        hand.step()
    print("done:", dict(hand.done))
    print("more known:", growth(known_then, known, 5))
    print("more below the window:", growth(below_then, below, 5))
    print("stale:", Counter(wrong))
    desktop.window.discard()
    desktop.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
