"""lamella screenshot P.lamella --workspace build -o X.png"""

import argparse

from app.cli.common.output import CommandError, say
from app.cli.common.paths import any_path, file_to_write
from app.cli.common.projects import open_project
from app.cli.common.writing import add_force_argument, require_free
from app.look.theme import theme_names
from app.workspaces.listing import all_workspaces
from graph_editor.document.files.file_format import FileError
from resources.text import LANGUAGES, Text, tr

HELP = Text("Draw a workspace of the window into a PNG, without a display.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=any_path, help=tr("the project file"))
    parser.add_argument("--workspace", choices=workspace_keys(), default="build")
    parser.add_argument("--theme", choices=theme_names(), default="dark")
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="en")
    parser.add_argument("--size", type=_size, default=(1440, 900), metavar="1440x900")
    parser.add_argument("-o", "--output", required=True, type=file_to_write)
    add_force_argument(parser)


def run(args: argparse.Namespace) -> int:
    from app.shell.screenshot import take_screenshot

    document = open_project(args.project)  # a damaged project is one sentence, before a window is made
    require_free(args.output, args.force, args.project, document)
    try:
        take_screenshot(args.project, args.workspace, args.theme, args.language, args.size, args.output)
    except FileError as error:
        raise CommandError(error.text) from error
    say(tr("Wrote {file}.", file=str(args.output)))
    return 0


def workspace_keys() -> list[str]:
    return [workspace.key for workspace in all_workspaces()]


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(tr("write it as 1440x900")) from None
    if not (320 <= width <= 8000 and 240 <= height <= 8000):
        raise argparse.ArgumentTypeError(tr("a size from 320x240 to 8000x8000"))
    return width, height
