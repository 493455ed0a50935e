"""lamella runs DIR [--filter WORDS] [--sort COLUMN] [--columns A,B] [--rename NAME --run N] [--clean-up WHAT] …"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.common.output import CommandError, print_json, say, show, show_lines, table
from app.cli.common.paths import any_path, file_to_write, named
from app.cli.common.run_list import Listing, add_list_arguments, tracked_runs, whole
from app.cli.common.run_marks import add_mark_arguments, clean_up, has_marks, mark
from app.cli.common.run_transfer import export_curves_to, export_table_to, import_into
from app.cli.common.writing import add_force_argument
from app.panels.run_parts.run_facts import STATUS_TEXTS, best_text, epochs_text
from resources.text import Text, tr
from resources.training.settings.epochs import SETTING as EPOCHS
from runtime.store import RunInfo
from runtime.tracking.run_index import TrackedRun

HELP = Text("List the training runs in a folder.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=any_path, help=tr("a runs folder, or the project beside it"))
    parser.add_argument("--json", action="store_true", help=tr("for machines"))
    parser.add_argument(
        "--run", dest="numbers", action="append", type=named, metavar="N",
        help=tr("only this run: its number or its folder; may be given several times"),
    )  # fmt: skip
    parser.add_argument(
        "--export-curves", type=file_to_write, metavar="OUT",
        help=tr("write all numbers of the runs to OUT.csv, OUT.parquet, or a folder OUT that TensorBoard shows"),
    )  # fmt: skip
    parser.add_argument(
        "--export-table", type=file_to_write, metavar="OUT",
        help=tr("write settings and figures of the runs to OUT.csv or OUT.parquet"),
    )  # fmt: skip
    parser.add_argument(
        "--import", dest="log", type=any_path, metavar="LOG",
        help=tr("add the runs of a TensorBoard log, or of a file of Keras' CSVLogger, to compare with"),
    )  # fmt: skip
    add_force_argument(parser)
    add_list_arguments(parser)
    add_mark_arguments(parser)


def run(args: argparse.Namespace) -> int:
    folder: Path = args.folder
    if folder.suffix == ".lamella":
        if args.log is not None and not folder.is_file():
            raise CommandError(Text("There is no file {file}.", {"file": str(folder)}))
        folder = folder.with_name(f"{folder.stem}.runs")
    if args.log is not None:
        import_into(folder, args.log)
    if not folder.is_dir():
        raise CommandError(Text("There is no folder {folder}.", {"folder": str(folder)}))
    found = _chosen(tracked_runs(folder), args.numbers)
    if has_marks(args):
        mark(args, [run.info for run in found])
        found = _chosen(tracked_runs(folder), args.numbers)
    listing = Listing(folder, found, args, everything=bool(args.numbers) or args.clean_up == "archived")
    runs = [run.info for run in listing.runs]
    if args.clean_up is not None:
        return clean_up(args, runs)
    if args.export_curves is not None:
        export_curves_to(args.export_curves, [whole(run) for run in listing.runs], args.force)
    if args.export_table is not None:
        export_table_to(args.export_table, [whole(run) for run in listing.runs], args.force)
    if args.log or args.export_curves or args.export_table:
        return 0
    if args.columns == "help":
        show_lines(table([(column.key, column.title) for column in listing.columns.by_key.values()]))
    elif args.json:
        print_json([_told(listing, item) for item in listing.runs])
    else:
        _show(listing)
    return 0


def _show(listing: Listing) -> None:
    if not listing.runs:
        show(tr("No runs yet.") if not listing.count else tr("No run is so."))
    elif listing.shown:
        rows = [tuple(column.text_of(item) for column in listing.shown) for item in listing.runs]
        show_lines(table([tuple(column.title for column in listing.shown), *rows]))
    else:
        titles = (tr("Run"), tr("Name"), tr("Started"), tr("Status"), tr("Epochs"), tr("Best"))
        show_lines(table([titles, *(_row(item.info) for item in listing.runs)]))
    if listing.hidden:
        say(tr("{count} archived runs are not shown.", count=f"{listing.hidden:,}"))
    for item in (run.info for run in listing.runs):
        if item.status == "damaged":
            say(tr("Run {number} is damaged. {reason}", number=item.number, reason=item.result.error or ""))
        if item.about.problem is not None:
            say(tr("Of run {number}: {reason}", number=item.number, reason=item.about.problem))


def _told(listing: Listing, run: TrackedRun) -> dict[str, Any]:
    about = run.info.about
    words = {"tags": about.tags, "group": about.group, "note": about.note}
    marks = {"starred": about.starred, "archived": about.archived, "bytes": run.size}
    return as_json(run.info) | words | marks | ({"columns": listing.values(run)} if listing.shown else {})


def _chosen(runs: list[TrackedRun], numbers: Sequence[str] | None) -> list[TrackedRun]:
    """Those that were named, or all. Raises CommandError for one that is not there."""
    if not numbers:
        return runs
    for name in numbers:
        if not any(_is(run.info, name) for run in runs):
            raise CommandError(Text("There is no run {run}.", {"run": name}))
    return [run for run in runs if any(_is(run.info, name) for name in numbers)]


def _is(run: RunInfo, name: str) -> bool:
    return name == run.folder.name or (name.isdecimal() and int(name[:12]) == run.number)


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
