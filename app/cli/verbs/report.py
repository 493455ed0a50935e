"""lamella report P.lamella --run 3 -o report.html"""

import argparse
import os
from pathlib import Path

from app.cli.common.found_runs import find_in, require_sound_run
from app.cli.common.output import CommandError, say
from app.cli.common.paths import any_path, file_to_write, named
from app.cli.common.writing import add_force_argument, require_free
from graph_editor.catalog.catalog import Catalog
from resources.os_reasons import os_reason
from resources.text import LANGUAGES, Text, tr, use_language

HELP = Text("Write what a run came to as one file, for people without Lamella.")
_SUFFIXES = (".html", ".md", ".pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=any_path, help=tr("the project file"))
    parser.add_argument("--run", required=True, type=named, help=tr("the number of the run, or its folder's name"))
    parser.add_argument("-o", "--output", required=True, type=file_to_write, help=tr("a .html, .md or .pdf file"))
    parser.add_argument("--language", choices=tuple(LANGUAGES), help=tr("of the report; without it the system's"))
    add_force_argument(parser)


def run(args: argparse.Namespace) -> int:
    """What was evaluated (`lamella evaluate`) is in it."""
    if args.language is not None:
        use_language(args.language)
    output: Path = args.output
    if output.suffix.lower() not in _SUFFIXES:
        raise CommandError(Text("A report is a .html, .md or .pdf file."), status=2)
    runs = args.project.with_name(f"{args.project.stem}.runs") if args.project.suffix == ".lamella" else args.project
    found = require_sound_run(find_in(runs, args.run))
    require_free(output, args.force)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from app.look.fonts import load_fonts, point_qt_at_fonts
    from app.reports.content import report_of
    from app.reports.form import write_report

    point_qt_at_fonts()
    application = QApplication.instance() or QApplication(["lamella"])
    load_fonts()
    catalog = Catalog.load()
    report = report_of(found, catalog)
    try:
        write_report(report, catalog, output)
    except OSError as error:
        reason = os_reason(error)
        raise CommandError(Text("{file} was not saved: {reason}.", {"file": str(output), "reason": reason})) from error
    finally:
        del application
    if not report.evaluations:
        say(tr("It has no figures yet: “lamella evaluate” makes them."))
    say(tr("Wrote {file}.", file=str(output)))
    return 0
