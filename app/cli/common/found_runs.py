"""A run that a verb was given: by its folder, or by the project and a number."""

import argparse
from pathlib import Path

from app.cli.common.output import CommandError
from app.cli.common.paths import any_path, named
from resources.os_reasons import os_reason
from resources.text import Text, tr
from runtime.store import RunInfo, RunStore, read_run

USAGE = 2


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", type=any_path, metavar="RUN", help=tr("the folder of a run, or the project with --run"))
    parser.add_argument("--run", dest="number", type=named, metavar="N", help=tr("of a project: the number of the run"))
    parser.add_argument("--json", action="store_true", help=tr("for machines"))


def found_run(args: argparse.Namespace) -> RunInfo:
    """The run, which can be read. Raises CommandError."""
    path: Path = args.run
    return require_sound_run(_of_project(path, args.number) if args.number is not None else _of_folder(path))


def require_sound_run(run: RunInfo) -> RunInfo:
    """CommandError when it is damaged."""
    if run.status == "damaged":
        raise CommandError(
            Text.of("Run {number} is damaged. {reason}", number=run.number, reason=run.result.error or "")
        )
    return run


def find_in(runs: Path, name: str) -> RunInfo:
    """The run of that number or name in a folder of runs. Raises CommandError."""
    try:
        run = RunStore(runs).find(name)
    except OSError as error:
        why = os_reason(error)
        raise CommandError(Text("The runs cannot be read: {reason}", {"reason": why})) from error
    if run is None:
        raise CommandError(Text("There is no run {run}.", {"run": name}))
    return run


def _of_project(path: Path, number: str) -> RunInfo:
    if path.suffix == ".lamella":
        if not path.is_file():
            raise CommandError(Text("There is no file {file}.", {"file": str(path)}))
        return find_in(path.with_name(f"{path.stem}.runs"), number)
    if not path.is_dir():
        raise CommandError(Text("There is no folder {folder}.", {"folder": str(path)}))
    return find_in(path, number)


def _of_folder(path: Path) -> RunInfo:
    if path.suffix == ".lamella" and path.is_file():
        text = Text("{file} is a project: say with --run which of its runs.", {"file": path.name})
        raise CommandError(text, status=USAGE)
    run = read_run(path)
    if run is None:
        raise CommandError(Text("{folder} is no run.", {"folder": str(path)}))
    return run
