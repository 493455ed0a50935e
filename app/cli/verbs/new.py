"""lamella new --template NAME -o P.lamella"""

import argparse
from pathlib import Path

from app.cli.output import CommandError, say
from app.templates import TEMPLATES, template
from graph_editor.document.file_format import FileError, save
from resources.text import Text, tr

HELP = Text("Make a project from a template.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = [item.key for item in TEMPLATES]
    parser.add_argument("--template", required=True, choices=names, help=tr("what to start from"))
    parser.add_argument("-o", "--output", required=True, type=Path, help=tr("the project file to write"))
    parser.add_argument("--force", action="store_true", help=tr("replace the file if it is there"))


def run(args: argparse.Namespace) -> int:
    chosen = template(args.template)
    assert chosen is not None  # argparse has checked
    path: Path = args.output
    if path.exists() and not args.force:
        raise CommandError(Text("{file} is already there; --force replaces it.", {"file": str(path)}), status=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save(chosen.open(), path)
    except FileError as error:
        raise CommandError(error.text) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(Text("{file} was not saved: {reason}.", {"file": str(path), "reason": reason})) from error
    say(tr("Wrote {file}.", file=str(path)))
    return 0
