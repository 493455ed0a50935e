"""Whether and how long a verb waits for an answer."""

import argparse
import math

from resources.text import tr


def add_waiting_arguments(parser: argparse.ArgumentParser, seconds: float) -> None:
    parser.add_argument("--no-wait", action="store_true", help=tr("do not wait until it has happened"))
    text = tr("how long to wait; {seconds} unless said", seconds=f"{seconds:g}")
    parser.add_argument("--timeout", type=_seconds, default=seconds, metavar="SECONDS", help=text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value < 1e9:
        raise argparse.ArgumentTypeError(tr("seconds, not negative"))
    return value
