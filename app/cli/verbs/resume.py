"""lamella resume RUN"""

import argparse

from app.cli.common.asking_runs import add_asking_arguments, asked, tell
from resources.text import Text
from runtime.messages.control import request_resume

HELP = Text("Let a paused run go on.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_asking_arguments(parser, seconds=60.0)


def run(args: argparse.Namespace) -> int:
    """Also of one that is not paused yet: it may have been asked to."""
    now = asked(
        args,
        request_resume,
        lambda info: not info.paused,
        lambda number: Text("Run {number} was asked to go on.", number),
    )
    if now is not None:
        tell(now, Text("Run {number} goes on.", {"number": now.number}), args.json)
    return 0
