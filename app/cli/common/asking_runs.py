"""How verbs ask a run that is going on for something, and wait until it has said that it did."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.cli.common.found_runs import add_run_arguments, found_run
from app.cli.common.output import CommandError, print_json, say
from app.cli.common.waiting import add_waiting_arguments
from app.panels.run_parts.run_facts import STATUS_TEXTS
from resources.os_reasons import os_reason
from resources.text import Text
from runtime.store import RunInfo, read_run

LOOK_SECONDS: Final = 0.2
Sentence = Callable[[dict[str, str | int | float | Text]], Text]


def require_going_on(run: RunInfo) -> None:
    """CommandError unless a trainer is, or may be, at work."""
    if run.status not in ("running", "elsewhere"):
        raise CommandError(
            Text.of("Run {number} is not going on: {status}.", number=run.number, status=STATUS_TEXTS[run.status])
        )


def add_asking_arguments(parser: argparse.ArgumentParser, seconds: float) -> None:
    """For verbs that ask a run for something; `seconds` they wait for the answer."""
    add_run_arguments(parser)
    add_waiting_arguments(parser, seconds=seconds)


def asked(
    args: argparse.Namespace,
    request: Callable[[Path], None],
    done: Callable[[RunInfo], bool],
    was_asked: Sentence,
    already: Sentence | None = None,
) -> RunInfo | None:
    """Return what is known of the run when it is `done`; None when there is nothing to wait for, which is told.

    `was_asked` and `already` (it was so before) make a sentence of the number. Raises CommandError.
    """
    run = found_run(args)
    require_going_on(run)
    if already is not None and done(run):
        tell(run, already({"number": run.number}), args.json)
        return None
    ask(run, lambda: request(run.folder))
    if args.no_wait:
        tell(run, was_asked({"number": run.number}), args.json)
        return None
    return wait_until(run, done, args.timeout)


def ask(run: RunInfo, request: Callable[[], None]) -> None:
    """Write the request. Raises CommandError."""
    try:
        request()
    except OSError as error:
        raise CommandError(
            Text.of("Run {number} cannot be asked: {reason}.", number=run.number, reason=os_reason(error))
        ) from error


def wait_until(run: RunInfo, done: Callable[[RunInfo], bool], seconds: float) -> RunInfo:
    """Return what is known of the run when it is `done`. Raises CommandError when that does not come in time."""
    end = time.monotonic() + seconds
    while True:
        start = time.monotonic()
        now = read_run(run.folder)
        if now is None:
            raise CommandError(Text("The folder of run {number} is gone.", {"number": run.number}))
        if done(now):
            return now
        if time.monotonic() >= end:
            raise CommandError(
                Text.of(
                    "Run {number} was asked, but has not answered within {seconds} s.",
                    number=run.number,
                    seconds=f"{seconds:g}",
                )
            )
        time.sleep(max(LOOK_SECONDS, 3 * (time.monotonic() - start)))  # a long run takes long to read


def tell(run: RunInfo, text: Text, machines: bool) -> None:
    if machines:
        answer = {
            "number": run.number,
            "folder": str(run.folder),
            "status": run.status,
            "paused": run.paused,
            "epochs_done": run.result.epochs_done,
            "model": str(run.model) if run.model else None,
        }
        print_json(answer)
    else:
        say(str(text))
