"""What fuzzers with numbered cases share: their arguments, what they print, their exit status."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from typing import Protocol

_TELL: int = 5000


class Fuzzer(Protocol):
    findings: list[str]
    counts: Counter[str]

    def run(self, number: int) -> None: ...

    def close(self) -> None: ...


def main(make: Callable[[int], Fuzzer], cases: str, doc: str | None) -> int:
    """`make` a fuzzer of a seed; `cases` names what it makes, and the option that says how many."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument(f"--{cases}", dest="cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="make this one alone, and print what is found")
    args = parser.parse_args()
    fuzzer, start = make(args.seed), time.monotonic()
    try:
        for number in [args.only] if args.only is not None else range(args.cases):
            fuzzer.run(number)
            if number % _TELL == _TELL - 1:
                print(f"{number + 1} {cases}, {len(fuzzer.findings)} findings", flush=True)
    finally:
        fuzzer.close()
    for line in [*fuzzer.findings[:50], *(f"{kind}: {count}" for kind, count in sorted(fuzzer.counts.items()))]:
        print(line)
    print(f"seed {args.seed}: {len(fuzzer.findings)} findings in {time.monotonic() - start:.0f} s")
    return 1 if fuzzer.findings else 0
