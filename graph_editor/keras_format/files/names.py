"""What the name of a file says, or of a folder; nobody needs to open it for that."""

from pathlib import Path
from typing import Final

from graph_editor.keras_format.files.other_files import OTHER_SUFFIXES, other_folder

SUFFIXES: Final = (".keras", ".json", ".h5", ".hdf5")
YAML: Final = (".yaml", ".yml")


def is_model_file(path: Path) -> bool:
    """Whether the name says that this is a model and not a project: of Keras, or of others, which are refused."""
    return path.suffix.lower() in (*SUFFIXES, *YAML, *OTHER_SUFFIXES) or other_folder(path) is not None
