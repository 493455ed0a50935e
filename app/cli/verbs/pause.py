"""lamella pause RUN"""

import argparse

from app.cli.asking_runs import ask, require_going_on, tell, wait_until
from app.cli.found_runs import add_run_arguments, found_run
from app.cli.output import CommandError
from app.cli.waiting import add_waiting_arguments
from resources.text import Text
from runtime.control import request_pause

HELP = Text("Let a run that is going on wait before its next batch, until it is resumed.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_run_arguments(parser)
    add_waiting_arguments(parser, seconds=60.0)


def run(args: argparse.Namespace) -> int:
    found = found_run(args)
    require_going_on(found)
    number: dict[str, str | int | float | Text] = {"number": found.number}
    if found.paused:
        tell(found, Text("Run {number} is paused already.", number), args.json)
        return 0
    ask(found, lambda: request_pause(found.folder))
    if args.no_wait:
        tell(found, Text("Run {number} was asked to pause.", number), args.json)
        return 0
    now = wait_until(found, lambda info: info.paused or info.status not in ("running", "elsewhere"), args.timeout)
    if not now.paused:
        raise CommandError(Text("Run {number} has ended before it could be paused.", number))
    tell(now, Text("Run {number} is paused.", number), args.json)
    return 0
