"""A `.h5` file of Keras: only attributes of its root are read, and no link in it is followed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graph_editor.keras_format.files import checked_json
from graph_editor.keras_format.reading import ConfigError
from resources.regular_files import open_regular
from resources.text import Text

Json = Any

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
_CONFIG, _TRAINING, _VERSION = "model_config", "training_config", "keras_version"
_MAX_MEMBERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class LegacyFile:
    """``training`` is what `compile` was given, None when the file does not say."""

    config: Json
    training: Json
    keras_version: str
    weights: bool


def read_h5(path: Path) -> LegacyFile:
    """Raises ConfigError, and OSError when the file cannot be read at all."""
    import h5py  # 100 ms that only those wait for who open such a file

    with open_regular(path) as file:
        if file.read(len(SIGNATURE)) != SIGNATURE:
            raise ConfigError("", Text("it is not an HDF5 file."))
    try:
        with h5py.File(path, "r") as file:
            weights = _check_links(file)
            config = _attribute(file, _CONFIG)
            if config is None:
                raise _without_config(file)
            training = _attribute(file, _TRAINING)
            return LegacyFile(
                checked_json.parse(config, _CONFIG),
                None if training is None else checked_json.parse(training, _TRAINING),
                (_attribute(file, _VERSION) or b"")[:40].decode("utf-8", "replace"),
                weights,
            )
    except (OSError, KeyError, RuntimeError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigError("", Text("it is not a whole HDF5 file: {reason}", {"reason": reason})) from error


def _without_config(file: Any) -> ConfigError:
    if "layer_names" in file.attrs or "layers" in file or "_layer_checkpoint_dependencies" in file:
        return ConfigError("", Text("it holds weights only. Open the model, then load these weights into it."))
    return ConfigError(_CONFIG, Text("it is missing, so this is no Keras model."))


def _check_links(file: Any) -> bool:
    """Whether there are weights. Links that lead elsewhere are refused where they stand: none is followed."""
    import h5py

    links = file.id.links
    if len(file) > _MAX_MEMBERS:
        raise ConfigError("", Text("it lists {count} entries, far more than a model has.", {"count": len(file)}))
    for name in file:
        if links.get_info(name.encode()).type != h5py.h5l.TYPE_HARD:
            raise ConfigError(name[:80], Text("it is a link to another place; such files are not opened."))
    return "model_weights" in file


def _attribute(file: Any, name: str) -> bytes | None:
    """The bytes of a text attribute of the root."""
    import h5py

    if not h5py.h5a.exists(file.id, name.encode()):
        return None
    attribute = h5py.h5a.open(file.id, name.encode())
    kind = attribute.get_type()
    if not isinstance(kind, h5py.h5t.TypeStringID) or attribute.shape != ():
        raise ConfigError(name, Text("it should be text."))
    if not kind.is_variable_str() and kind.get_size() > checked_json.MAX_BYTES:
        megabytes = checked_json.MAX_BYTES // 2**20
        raise ConfigError(name, Text("it is larger than {megabytes} MB.", {"megabytes": megabytes}))
    value = file.attrs[name]
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)
