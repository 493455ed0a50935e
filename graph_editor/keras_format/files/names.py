"""What the name of a file says; nobody needs to open it for that."""

from pathlib import Path
from typing import Final

SUFFIXES: Final = (".keras", ".json", ".h5", ".hdf5")
YAML: Final = (".yaml", ".yml")


def is_model_file(path: Path) -> bool:
    """Whether the name says that this is a model and not a project."""
    return path.suffix.lower() in (*SUFFIXES, *YAML)
