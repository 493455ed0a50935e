"""Files of other programs: what they are, and what to do, in place of a word about bytes."""

from pathlib import Path
from typing import Final

from resources.text import Text

_SAVED_MODEL: Final = Text(
    "it is a SavedModel of TensorFlow: functions, and no layers that could be drawn. Save the Keras model as .keras."
)
_TFLITE: Final = Text(
    "it is a model of TensorFlow Lite, which has no layers any more. Open the Keras model it was made from."
)
_ONNX: Final = Text("it is an ONNX model: operations, and no Keras layers. Open the Keras model it was made from.")
_PICKLE: Final = Text(
    "it is a pickle, as PyTorch writes them: reading one runs code, so none is opened. Draw the model anew."
)
_CHECKPOINT: Final = Text(
    "it is a checkpoint of TensorFlow: weights only. Build the model in Keras, load them, save as .keras."
)
_ARRAYS: Final = Text("it holds arrays and no model. Open the model, or choose the file as data.")
_SAFETENSORS: Final = Text(
    "it holds weights only, as other libraries name them: Keras cannot say which layer they are of."
)

_BY_SUFFIX: Final = {
    ".pb": _SAVED_MODEL,
    ".pbtxt": _SAVED_MODEL,
    ".tflite": _TFLITE,
    ".lite": _TFLITE,
    ".onnx": _ONNX,
    ".pt": _PICKLE,
    ".pth": _PICKLE,
    ".pkl": _PICKLE,
    ".pickle": _PICKLE,
    ".joblib": _PICKLE,
    ".ckpt": _CHECKPOINT,
    ".index": _CHECKPOINT,
    ".npz": _ARRAYS,
    ".npy": _ARRAYS,
    ".safetensors": _SAFETENSORS,
    ".gguf": _SAFETENSORS,
}
OTHER_SUFFIXES: Final = tuple(_BY_SUFFIX)
BEGINNING: Final = 64  # bytes that tell


def other_folder(path: Path) -> Text | None:
    """What a folder is that somebody takes for a model, None for any other."""
    if path.is_dir() and ((path / "saved_model.pb").is_file() or (path / "saved_model.pbtxt").is_file()):
        return _SAVED_MODEL
    return None


def other_file(path: Path, start: bytes) -> Text | None:
    """What a file is, by its first bytes and else by its name; None for one that may be a Keras model."""
    if start[4:8] == b"TFL3":
        return _TFLITE
    if start.startswith(b"\x93NUMPY"):
        return _ARRAYS
    if start.startswith(b"GGUF"):
        return _SAFETENSORS
    if start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05":
        return _PICKLE
    if start[:1] == b"\x08" and any(maker in start for maker in (b"onnx", b"pytorch", b"tf2onnx", b"keras2onnx")):
        return _ONNX
    return _BY_SUFFIX.get(path.suffix.lower())


def other_archive(names: set[str]) -> Text | None:
    """What a zip without the config of a model is."""
    ends = {name.rpartition("/")[2] for name in names}
    if "data.pkl" in ends:
        return _PICKLE
    if "saved_model.pb" in ends:
        return _SAVED_MODEL
    if ends and all(name.endswith(".npy") for name in ends):
        return _ARRAYS
    return None
