"""lamella runs DIR"""

import argparse
import time
from pathlib import Path
from typing import Any

from app.cli.common.output import CommandError, print_json, say, show, show_lines, table
from app.cli.common.paths import any_path
from app.panels.run_parts.run_facts import STATUS_TEXTS, best_text, epochs_text
from resources.os_reasons import os_reason
from resources.text import Text, tr
from resources.training.settings.epochs import SETTING as EPOCHS
from runtime.store import RunInfo, RunStore

HELP = Text("List the training runs in a folder.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=any_path, help=tr("a runs folder, or the project beside it"))
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def run(args: argparse.Namespace) -> int:
    folder: Path = args.folder
    if folder.suffix == ".lamella":
        folder = folder.with_name(f"{folder.stem}.runs")
    if not folder.is_dir():
        raise CommandError(Text("There is no folder {folder}.", {"folder": str(folder)}))
    try:
        runs = RunStore(folder).all_runs()
    except OSError as error:
        raise CommandError(
            Text.of(
                "The runs in {folder} cannot be read: {reason}.",
                folder=str(folder),
                reason=os_reason(error),
            )
        ) from error
    if args.json:
        print_json([as_json(item) for item in runs])
    elif runs:
        titles = (tr("Run"), tr("Name"), tr("Started"), tr("Status"), tr("Epochs"), tr("Best"))
        show_lines(table([titles, *(_row(item) for item in runs)]))
        for item in runs:
            if item.status == "damaged":
                say(tr("Run {number} is damaged. {reason}", number=item.number, reason=item.result.error or ""))
    else:
        show(tr("No runs yet."))
    return 0


def as_json(item: RunInfo) -> dict[str, Any]:
    result = item.result
    return {
        "number": item.number,
        "name": item.name,
        "folder": str(item.folder),
        "status": item.status,
        "created": item.created,
        "seconds": result.seconds,
        "epochs_done": result.epochs_done,
        "epochs": item.spec.training[EPOCHS],
        "metrics": result.metrics,
        "best": result.best,
        "model": str(item.model) if item.model else None,
        "best_model": str(item.best_model) if item.best_model else None,
        "model_epoch": item.model_epoch,
        "paused": item.paused,
        "error": str(result.error) if result.error else None,
    }


def _row(item: RunInfo) -> tuple[str, ...]:
    if item.status == "damaged":
        return (f"{item.number}", item.name, "", str(STATUS_TEXTS[item.status]), "", "")
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(item.created))
    return (f"{item.number}", item.name, when, str(STATUS_TEXTS[item.status]), epochs_text(item), best_text(item))
