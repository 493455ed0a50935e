"""Files that a script reads: named by their place beside it, so that it can be moved together with them."""

from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from resources.python_code.pieces import CallCode, call, name, quoted

DATA_FILE: Final = "DATA_FILE"  # the constant that a script has the file of its data in
HELPER: Final = '''def beside(path):
    """A file beside this one, or in a folder there; of a notebook, where it runs."""
    here = os.path.abspath(globals().get("__file__", "notebook"))
    return os.path.join(os.path.dirname(here), path)
'''


def beside(path: str) -> CallCode:
    """The file that a project knows as ``path``: below the project as it lies there, from elsewhere by its name alone.

    A script that uses it needs ``HELPER``.
    """
    return call(name("beside"), quoted(_file_name(path) if is_elsewhere(path) else path))


def is_elsewhere(path: str) -> bool:
    """Whether a path leads out of the project's folder: it would mean nothing where the script is moved to."""
    leads_out = path.startswith("~") or ".." in PurePosixPath(path.replace("\\", "/")).parts
    return leads_out or PurePosixPath(path).is_absolute() or bool(PureWindowsPath(path).anchor)


def _file_name(path: str) -> str:
    return PureWindowsPath(path).name or path  # both kinds of slashes
