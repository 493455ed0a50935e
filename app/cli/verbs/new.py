"""lamella new --template NAME -o P.lamella"""

import argparse
from pathlib import Path

from app.cli.common.output import CommandError, say
from app.cli.common.paths import file_to_write
from app.cli.common.writing import add_force_argument, require_free
from app.project.templates import TEMPLATES, template
from graph_editor.document.files.file_format import FileError, save
from resources.os_reasons import os_reason
from resources.text import Text, tr

HELP = Text("Make a project from a template.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = [item.key for item in TEMPLATES]
    parser.add_argument("--template", required=True, choices=names, help=tr("what to start from"))
    parser.add_argument("-o", "--output", required=True, type=file_to_write, help=tr("the project file to write"))
    add_force_argument(parser)


def run(args: argparse.Namespace) -> int:
    chosen_template = template(args.template)
    assert chosen_template is not None  # argparse has checked
    path: Path = args.output
    require_free(path, args.force)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save(chosen_template.open(), path)
    except FileError as error:
        raise CommandError(error.text) from error
    except OSError as error:
        reason = os_reason(error)
        raise CommandError(Text("{file} was not saved: {reason}.", {"file": str(path), "reason": reason})) from error
    say(tr("Wrote {file}.", file=str(path)))
    return 0
