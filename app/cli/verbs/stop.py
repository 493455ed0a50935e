"""lamella stop RUN"""

import argparse

from app.cli.common.asking_runs import add_asking_arguments, asked, tell
from app.cli.common.output import CommandError
from app.panels.run_parts.run_facts import STATUS_TEXTS
from resources.text import Facts, Text
from runtime.messages.control import request_stop
from runtime.store import RunInfo

HELP = Text("Stop a run that is going on. Its model is saved.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_asking_arguments(parser, seconds=120.0)


def run(args: argparse.Namespace) -> int:
    ended = asked(args, request_stop, _has_ended, lambda number: Text("Run {number} was asked to stop.", number))
    if ended is None:
        return 0
    if ended.status in ("failed", "interrupted", "damaged"):
        raise CommandError(
            Text.of(
                "Run {number} has ended: {status}. {reason}",
                number=ended.number,
                status=STATUS_TEXTS[ended.status],
                reason=ended.result.error or "",
            )
        )
    tell(ended, Text("Run {number} has ended: {status}.", _facts(ended)), args.json)
    return 0


def _facts(run: RunInfo) -> Facts:
    return {"number": run.number, "status": STATUS_TEXTS[run.status]}


def _has_ended(run: RunInfo) -> bool:
    return run.status not in ("running", "elsewhere")
