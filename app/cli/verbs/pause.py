"""lamella pause RUN"""

import argparse

from app.cli.common.asking_runs import add_asking_arguments, asked, tell
from app.cli.common.output import CommandError
from resources.text import Text
from runtime.messages.control import request_pause

HELP = Text("Let a run that is going on wait before its next batch, until it is resumed.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_asking_arguments(parser, seconds=60.0)


def run(args: argparse.Namespace) -> int:
    now = asked(
        args,
        request_pause,
        lambda info: info.paused or info.status not in ("running", "elsewhere"),
        lambda number: Text("Run {number} was asked to pause.", number),
        lambda number: Text("Run {number} is paused already.", number),
    )
    if now is None:
        return 0
    if not now.paused:
        raise CommandError(Text("Run {number} has ended before it could be paused.", {"number": now.number}))
    tell(now, Text("Run {number} is paused.", {"number": now.number}), args.json)
    return 0
