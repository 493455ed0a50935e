"""The files and folders that sources read: looked at before anything is opened."""

from pathlib import Path
from typing import Final

from resources.os_reasons import os_reason
from resources.regular_files import require_regular, shown_path
from resources.text import Text
from runtime.worker.data.source import DataError

MOST_LISTED: Final = 10_000  # names in a folder, after which it is known well enough to say what it is


def require_file(path: str) -> Path:
    """Raises DataError when the file is not there, or no regular file."""
    file = Path(path)
    try:
        require_regular(file)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataError(Text("The data file {file} is not there any more.", {"file": path})) from error
    except OSError as error:
        raise DataError(
            Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=os_reason(error))
        ) from error
    return file
