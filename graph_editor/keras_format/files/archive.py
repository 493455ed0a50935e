"""A `.keras` file: a zip of which only the entries with Keras' own names are read, never unpacked to disk."""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from graph_editor.keras_format.files import checked_json
from graph_editor.keras_format.files.idf_weights import idf_weights
from graph_editor.keras_format.files.other_files import other_archive
from graph_editor.keras_format.files.vocabularies import FILE as VOCABULARY
from graph_editor.keras_format.files.vocabularies import attach
from graph_editor.keras_format.reading import ConfigError
from resources.regular_files import open_regular
from resources.text import Facts, Text

Json = Any

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
WEIGHTS: Final = "model.weights.h5"
_ASSETS: Final = "assets/"
_MAX_ENTRIES: Final = 10_000  # Keras writes three, and a few for each vocabulary
_MAX_DIRECTORY: Final = 4 * 1024 * 1024
_MAX_RATIO: Final = 200  # a config packs 20 to 40 times
_SMALL: Final = 1024 * 1024  # as much may be packed as tightly as it likes
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"


@dataclass(frozen=True, slots=True)
class Archive:
    """What a `.keras` file says about its model; ``weights`` is whether it has some in the form Keras writes.

    Vocabularies that were adapted to data stand in the config, beside the layers that have them. ``left`` are assets
    that are none, or nobody's.
    """

    config: Json
    keras_version: str
    weights: bool
    left: tuple[str, ...] = ()


def read_archive(path: Path) -> Archive:
    """Raises ConfigError, and OSError when the file cannot be read at all."""
    with open_regular(path) as file:
        _check_directory(file)
        try:
            with zipfile.ZipFile(file) as archive:
                _check_names(archive)
                other = other_archive(set(archive.namelist())) if CONFIG not in archive.namelist() else None
                if other is not None:
                    raise ConfigError("", other)
                config = checked_json.parse(_read(archive, CONFIG), CONFIG)
                names = set(archive.namelist())
                version = _keras_version(archive) if METADATA in names else ""
                return Archive(config, version, WEIGHTS in names, _attach_assets(config, archive, path))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, UnicodeError) as error:
            raise ConfigError("", Text("it is not a whole .keras file: {reason}", {"reason": str(error)})) from error


def _check_directory(file: IO[bytes]) -> None:
    """Python reads the whole list of entries at once, so its size is looked at first."""
    size = file.seek(0, 2)
    start = max(0, size - 65_557)  # the end record with the longest comment
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise ConfigError("", Text("it is not a whole .keras file: a zip's end is missing."))
    entries, length = struct.unpack_from("<HI", tail, at + 10)
    if tail[at - 20 : at - 16] == _END_64:
        file.seek(max(0, start + at - 20 - 56))
        record = file.read(56)
        if len(record) == 56:
            entries, length = struct.unpack_from("<QQ", record, 32)
    if entries > _MAX_ENTRIES or length > _MAX_DIRECTORY:
        raise ConfigError("", Text("it lists {count} entries, far more than a model has.", {"count": entries}))
    file.seek(0)


def _check_names(archive: zipfile.ZipFile) -> None:
    names: set[str] = set()
    for name in archive.namelist():
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
            raise ConfigError(_shown(name), Text("the entry would lie outside of the file."))
        if name in names:
            raise ConfigError(_shown(name), Text("the entry is there twice."))
        names.add(name)


def _attach_assets(config: Json, archive: zipfile.ZipFile, path: Path) -> tuple[str, ...]:
    """Put the vocabularies beside their layers; return the names of what is left."""
    names = [name for name in archive.namelist() if name.startswith(_ASSETS) and not name.endswith("/")]
    texts: dict[str, str] = {}
    size = 0
    for name in names:
        folder, _, file = name.removeprefix(_ASSETS).rpartition("/")
        if file != VOCABULARY:
            continue
        content = _read(archive, name)
        size += len(content)
        if size > checked_json.MAX_BYTES:
            megabytes = checked_json.MAX_BYTES // 2**20
            raise ConfigError(_shown(name), Text("the vocabularies take more than {megabytes} MB.", _facts(megabytes)))
        try:
            texts[folder] = content.decode()
        except UnicodeDecodeError as error:
            raise ConfigError(
                _shown(name), Text("byte {number} is not UTF-8 text.", {"number": error.start})
            ) from error
        if texts[folder].count("\n") > checked_json.MAX_VALUES // 2:
            raise ConfigError(_shown(name), Text("it has more words than a model has."))
    nobodys = attach(config, texts, lambda group: idf_weights(path, archive, group)) if texts else []
    others = [name for name in names if not name.endswith(f"/{VOCABULARY}")]
    return (*others, *(f"{_ASSETS}{folder}/{VOCABULARY}" for folder in nobodys))


def _facts(megabytes: int) -> Facts:
    return {"megabytes": megabytes}


def _keras_version(archive: zipfile.ZipFile) -> str:
    metadata = checked_json.parse(_read(archive, METADATA), METADATA)
    version = metadata.get("keras_version") if isinstance(metadata, dict) else None
    return version[:40] if isinstance(version, str) else ""


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of an entry, no more than allowed whatever the file says of itself."""
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise ConfigError(name, Text("it is missing, so this is no Keras model.")) from error
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ConfigError(name, Text("it is packed in a way that Keras does not use."))
    if info.file_size > _SMALL and info.file_size > _MAX_RATIO * max(1, info.compress_size):
        ratio = info.file_size // max(1, info.compress_size)
        raise ConfigError(name, Text("it would grow {ratio} times when unpacked; no model does.", {"ratio": ratio}))
    with archive.open(info) as entry:
        return entry.read(checked_json.MAX_BYTES + 1)


def _shown(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:77]}…"
