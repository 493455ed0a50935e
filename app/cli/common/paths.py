"""Paths of the command line, looked at before a verb begins: what cannot be meant is told with the option's name."""

import argparse
import errno
import os
from pathlib import Path
from typing import Final

from app.cli.common.output import one_line
from resources.atomic import replaceable
from resources.os_reasons import os_reason
from resources.regular_files import require_regular, shown_path
from resources.text import Text, tr

_LONGEST_NAME: Final = 255  # bytes; of all file systems that Lamella meets


def named(text: str) -> str:
    """Any words but none."""
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("there is nothing between the quotation marks"))
    if "\0" in text:
        raise argparse.ArgumentTypeError(tr("no file can have this name"))
    return text


def any_path(text: str) -> Path:
    """A path; what is there is looked at by the verb."""
    path = Path(named(text))
    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in path.parts):
        raise argparse.ArgumentTypeError(tr("the name is longer than a file's name can be"))
    return path


def file_to_read(text: str) -> Path:
    """A file that is there."""
    path = any_path(text)
    try:
        require_regular(path)
    except FileNotFoundError:
        raise argparse.ArgumentTypeError(tr("there is no file {file}", file=_shown(path))) from None
    except OSError as error:
        raise _refused(path, os_reason(error)) from None
    return path


def file_to_write(text: str) -> Path:
    """A file that is there, or can be: in a folder, or in folders that are still to be made."""
    path = _place(text)
    if text.endswith(("/", os.sep)):
        raise _refused(path, tr("it is a folder"))
    try:
        target, _ = replaceable(path)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise argparse.ArgumentTypeError(tr("{file} leads to itself", file=_shown(path))) from None
        if error.errno == errno.EISDIR:
            raise _refused(path, tr("it is a folder")) from None
        raise _refused(path, os_reason(error)) from None
    _require_place(path, target.parent)
    return path


def folder_to_write(text: str) -> Path:
    """A folder that is there, or can be made."""
    path = _place(text)
    try:
        target = path.resolve()
    except (OSError, RuntimeError):  # a circle of links, before Python 3.13
        raise argparse.ArgumentTypeError(tr("{file} leads to itself", file=_shown(path))) from None
    _require_place(path, target)
    return path


def _place(text: str) -> Path:
    if text == "-":
        raise argparse.ArgumentTypeError(tr("nothing is written to a pipe; ./- is a file that is called so"))
    return any_path(text)


def _require_place(path: Path, folder: Path) -> None:
    """Require that files can be made in the folder, or in the nearest one above that is there."""
    try:
        while not folder.exists() and folder.parent != folder:
            folder = folder.parent
        if not folder.is_dir():
            raise _refused(path, tr("{folder} is no folder", folder=_shown(folder)))
    except OSError as error:
        raise _refused(path, os_reason(error)) from None
    if not os.access(folder, os.W_OK):
        raise _refused(path, tr("nothing may be written in {folder}", folder=_shown(folder)))


def _refused(path: Path, why: str | Text) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(tr("{file} cannot be used: {reason}", file=_shown(path), reason=why))


def _shown(path: Path) -> str:
    return one_line(shown_path(path))
