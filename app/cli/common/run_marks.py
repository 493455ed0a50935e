"""What a verb writes of runs, and what it removes of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from app.cli.common.output import CommandError, say, show
from app.cli.common.paths import named
from app.panels.run_parts.sizes import size_text
from resources.os_reasons import os_reason
from resources.text import Text, tr
from runtime.run_about import change_about, tags_of
from runtime.store import RunInfo
from runtime.tracking.clean_up import proposed, remove

USAGE = 2
_WORDS = ("rename", "note", "group", "tag", "untag", "star", "archive")


def add_mark_arguments(parser: argparse.ArgumentParser) -> None:
    marks = parser.add_argument_group(tr("what is said of the runs that --run names"))
    marks.add_argument(
        "--rename", metavar="NAME", help=tr("another name; an empty one is that which it was started with")
    )
    marks.add_argument("--note", metavar="TEXT", help=tr("a note in place of the one that is there"))
    marks.add_argument("--group", metavar="GROUP", help=tr("the group it belongs to; empty for none"))
    marks.add_argument(
        "--tag", action="append", type=named, metavar="TAG", help=tr("one more tag; may be given several times")
    )
    marks.add_argument("--untag", action="append", type=named, metavar="TAG", help=tr("take a tag away"))
    marks.add_argument("--star", action=argparse.BooleanOptionalAction, help=tr("a star: cleaning up leaves it alone"))
    marks.add_argument("--archive", action=argparse.BooleanOptionalAction, help=tr("hidden unless asked for"))
    parser.add_argument(
        "--clean-up", choices=("weights", "archived"), metavar="WHAT",
        help=tr("say what could go: weights that are not the best of their run, or archived runs; --yes removes it"),
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help=tr("remove it for good"))


def has_marks(args: argparse.Namespace) -> bool:
    return any(getattr(args, word) is not None for word in _WORDS)


def mark(args: argparse.Namespace, runs: Sequence[RunInfo]) -> None:
    """Raises CommandError, status 2 where no run was named."""
    if not args.numbers:
        raise CommandError(Text("Say with --run which runs."), status=USAGE)
    if args.rename is not None and len(runs) > 1:
        raise CommandError(Text("One run at a time gets a name."), status=USAGE)
    for run in runs:
        if run.status == "damaged":
            text = Text.of("Run {number} is damaged. {reason}", number=run.number, reason=run.result.error or "")
            raise CommandError(text)
        try:
            change_about(run.folder, _changes(args, run))
        except OSError as error:
            raise CommandError(Text.of("Not written: {reason}.", reason=os_reason(error))) from error


def _changes(args: argparse.Namespace, run: RunInfo) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for key, value in (
        ("name", args.rename), ("note", args.note), ("group", args.group),
        ("starred", args.star), ("archived", args.archive),
    ):  # fmt: skip
        if value is not None:
            changes[key] = value
    if args.tag or args.untag:
        away = {tag for word in args.untag or () for tag in tags_of(word)}
        added = [tag for word in args.tag or () for tag in tags_of(word)]
        changes["tags"] = (*(tag for tag in run.about.tags if tag not in away), *added)
    return changes


def clean_up(args: argparse.Namespace, runs: Sequence[RunInfo]) -> int:
    """The exit status."""
    removals = proposed(runs, [args.clean_up])
    for removal in removals:
        what = tr("the whole run") if removal.whole else ", ".join(path.name for path in removal.files)
        show(f"{removal.number}  {removal.name}: {what} · {size_text(removal.size)}")
    size = size_text(sum(removal.size for removal in removals))
    if not removals:
        say(tr("There is nothing to remove."))
    elif not args.yes:
        say(tr("{size} would be removed; --yes removes it.", size=size))
    else:
        freed, failures = remove(removals)
        say(tr("{size} freed.", size=size_text(freed)))
        for failure in failures:
            say(str(failure))
        return 1 if failures else 0
    return 0
