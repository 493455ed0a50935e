"""lamella resume RUN"""

import argparse

from app.cli.asking_runs import ask, require_going_on, tell, wait_until
from app.cli.found_runs import add_run_arguments, found_run
from app.cli.waiting import add_waiting_arguments
from resources.text import Text
from runtime.control import request_resume

HELP = Text("Let a paused run go on.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_run_arguments(parser)
    add_waiting_arguments(parser, seconds=60.0)


def run(args: argparse.Namespace) -> int:
    found = found_run(args)
    require_going_on(found)
    number: dict[str, str | int | float | Text] = {"number": found.number}
    ask(found, lambda: request_resume(found.folder))  # also of one that is not paused yet: it may have been asked to
    if args.no_wait:
        tell(found, Text("Run {number} was asked to go on.", number), args.json)
        return 0
    now = wait_until(found, lambda info: not info.paused, args.timeout)
    tell(now, Text("Run {number} goes on.", number), args.json)
    return 0
