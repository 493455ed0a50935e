"""The tf-idf weights of a vocabulary, which Keras keeps among the weights of a `.keras` file."""

import math
import zipfile
from pathlib import Path
from typing import Any, Final

from graph_editor.keras_format.reading import ConfigError
from resources.regular_files import open_regular
from resources.text import Text
from resources.zip_window import EntryCutOffError, open_stored

_WEIGHTS: Final = "model.weights.h5"
_MOST: Final = 1_000_000  # words


def idf_weights(path: Path, archive: zipfile.ZipFile, group: str) -> list[float] | None:
    """None where there are none. Raises ConfigError for what is no list of numbers."""
    import h5py  # 100 ms that only those wait for who open such a file

    if _WEIGHTS not in archive.namelist():
        return None
    info = archive.getinfo(_WEIGHTS)
    place = f"{_WEIGHTS} → {group}/vars/idf_weights"
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise ConfigError(place, Text("it is packed in a way that Keras does not use."))
    try:
        with open_regular(path) as file, h5py.File(open_stored(file, archive, info), "r") as weights:
            found = _dataset(weights, [*group.split("/"), "vars", "idf_weights"], place)
            return None if found is None else [float(number) for number in found[...]]
    except ConfigError:
        raise
    except EntryCutOffError as error:
        raise ConfigError(_WEIGHTS, Text("its end is missing.")) from error
    except (OSError, KeyError, RuntimeError, ValueError) as error:
        raise ConfigError(place, Text("it is damaged.")) from error


def _dataset(file: Any, steps: list[str], place: str) -> Any:
    """The list of numbers at the end of the way; no link is followed, and nothing that lies in another file."""
    import h5py

    item = file
    for step in steps:
        if not isinstance(item, h5py.Group) or step not in item.keys():  # noqa: SIM118 (`in` would follow links)
            return None
        if item.id.links.get_info(step.encode()).type != h5py.h5l.TYPE_HARD:
            raise ConfigError(place, Text("it is a link to another place; such files are not read."))
        item = item[step]
    plain = isinstance(item, h5py.Dataset) and not item.external and not item.is_virtual and item.shape is not None
    if not plain or len(item.shape) != 1 or item.dtype.kind != "f" or item.shape[0] > _MOST:
        raise ConfigError(place, Text("it is no list of numbers."))
    if item.chunks and math.prod(item.chunks) > _MOST:
        raise ConfigError(place, Text("it is stored in a way that Keras does not use."))
    return item
