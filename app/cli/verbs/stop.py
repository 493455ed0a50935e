"""lamella stop RUN"""

import argparse

from app.cli.asking_runs import ask, require_going_on, tell, wait_until
from app.cli.found_runs import add_run_arguments, found_run
from app.cli.output import CommandError
from app.cli.waiting import add_waiting_arguments
from app.panels.training.run_facts import STATUS_TEXTS
from resources.text import Text
from runtime.control import request_stop
from runtime.store import RunInfo

HELP = Text("Stop a run that is going on. Its model is saved.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_run_arguments(parser)
    add_waiting_arguments(parser, seconds=120.0)


def run(args: argparse.Namespace) -> int:
    found = found_run(args)
    require_going_on(found)
    ask(found, lambda: request_stop(found.folder))
    if args.no_wait:
        tell(found, Text("Run {number} was asked to stop.", {"number": found.number}), args.json)
        return 0
    ended = wait_until(found, _has_ended, args.timeout)
    if ended.status in ("failed", "interrupted", "damaged"):
        facts: dict[str, str | int | float | Text] = {
            "number": ended.number,
            "status": STATUS_TEXTS[ended.status],
            "reason": ended.result.error or "",
        }
        raise CommandError(Text("Run {number} has ended: {status}. {reason}", facts))
    tell(ended, Text("Run {number} has ended: {status}.", _facts(ended)), args.json)
    return 0


def _facts(run: RunInfo) -> dict[str, str | int | float | Text]:
    return {"number": run.number, "status": STATUS_TEXTS[run.status]}


def _has_ended(run: RunInfo) -> bool:
    return run.status not in ("running", "elsewhere")
