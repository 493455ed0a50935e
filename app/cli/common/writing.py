"""What verbs may write over: nothing that is there, unless --force is given; the files of the project never."""

import argparse
import errno
from collections.abc import Iterable
from pathlib import Path

from app.cli.common.output import CommandError
from app.outside_files.own_files import is_same, refusal
from graph_editor.document.document import Document
from resources.atomic import replaceable
from resources.text import Text, tr


def add_force_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help=tr("replace the file if it is there"))


def require_free(
    output: Path, force: bool, project: Path | None = None, document: Document | None = None, read: Iterable[Path] = ()
) -> None:
    """CommandError (status 2) when `output` is there, leads to itself, is read, or is needed by the project.

    `read` are other files that the command takes something from.
    """
    try:
        replaceable(output)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise CommandError(Text("{file} leads to itself.", {"file": str(output)}), status=2) from error
    text = refusal(output, document, project) if document is not None else None
    if text is None and any(is_same(output, path) for path in read):
        text = Text("{file} is what is read. It is never replaced.", {"file": str(output)})
    if text is None and output.is_dir():
        text = Text("{file} is a folder.", {"file": str(output)})
    if text is None and not force and (output.exists() or output.is_symlink()):
        text = Text("{file} is already there; --force replaces it.", {"file": str(output)})
    if text is not None:
        raise CommandError(text, status=2)
