"""What shape a layer takes and what shape it gives, in words, without the batch: for those who meet it the first time.

A token is an axis ("height"), a parameter of the layer ("filters"), or "…" for any axes before. An axis with a stroke
("height′") comes out with another length than it went in. Tests hold all of it against Keras.
"""

from typing import Final

from graph_editor.catalog.specs import LayerSpec
from resources.text import Text, tr

SAME: Final = "…", "…"  # any shape, and the same again
_SPACES: Final = {"1D": "steps", "2D": "height width", "3D": "depth height width"}
_SAME_CATEGORIES: Final = ("normalization", "regularization", "activation")
_SINGLE: Final = {
    "Dense": ("… features", "… units"),
    "Embedding": ("steps", "steps output_dim"),
    "Identity": SAME,
    "Masking": SAME,
    "Rescaling": SAME,
    "SpectralNormalization": None,
    "LSTM": ("steps features", "units"),
    "GRU": ("steps features", "units"),
    "SimpleRNN": ("steps features", "units"),
    "Flatten": ("…", "everything"),
    "RepeatVector": ("features", "n features"),
    "Resizing": ("height width channels", "height′ width′ channels"),
    "CenterCrop": ("height width channels", "height′ width′ channels"),
    "Concatenate": ("… features", "… features′"),
    "Add": SAME,
    "Subtract": SAME,
    "Multiply": SAME,
    "Average": SAME,
    "Maximum": SAME,
    "Minimum": SAME,
    "MultiHeadAttention": ("steps features", "steps features"),
    "Attention": ("steps features", "steps features"),
    "AdditiveAttention": ("steps features", "steps features"),
}
_WORDS: Final = {
    "steps": Text("steps"),
    "depth": Text("depth"),
    "height": Text("height"),
    "width": Text("width"),
    "channels": Text("channels"),
    "features": Text("features"),
}


def shapes_of(spec: LayerSpec) -> tuple[str, str] | None:
    """The tokens of what goes in and what comes out; None where it cannot be said in a line."""
    if spec.category == "operation":
        return None
    if spec.class_name in _SINGLE:
        return _SINGLE[spec.class_name]
    if spec.category in _SAME_CATEGORIES and not spec.class_name.startswith("Spatial"):
        return SAME
    space = _SPACES.get(spec.class_name.removesuffix("Transpose")[-2:])
    return _in_space(spec, space) if space is not None else None


def shape_lines(spec: LayerSpec) -> list[str]:
    """One line for what goes in, one for what comes out."""
    taught = shapes_of(spec)
    if taught is None:
        return []
    if taught == SAME:
        return [tr("Shape: as it goes in, so it comes out.")]
    return [tr("Shape in: {shape}", shape=_words(taught[0])), tr("Shape out: {shape}", shape=_words(taught[1]))]


def _in_space(spec: LayerSpec, space: str) -> tuple[str, str] | None:
    """For the families that differ in the number of axes alone."""
    name, image = spec.class_name, f"{space} channels"
    other = " ".join(f"{axis}′" for axis in space.split())
    if name.startswith("ConvLSTM"):
        inner = "width" if name.endswith("1D") else space
        changed = " ".join(f"{axis}′" for axis in inner.split())
        return f"steps {inner} channels", f"{changed} filters"
    if name.startswith("Depthwise"):
        return image, f"{other} channels·depth_multiplier"
    if name.startswith("Global"):
        return image, "channels"
    if name.startswith("SpatialDropout"):
        return image, image
    if spec.category == "convolution":
        return image, f"{other} filters"
    return (image, f"{other} channels") if spec.category in ("pooling", "reshaping") else None


def _words(tokens: str) -> str:
    return " × ".join(_word(token) for token in tokens.split())


def _word(token: str) -> str:
    if token == "everything":
        return tr("all values in one axis")
    if token == "…":
        return tr("any axes")
    axis = token.rstrip("′")
    return (str(_WORDS[axis]) if axis in _WORDS else axis) + token[len(axis) :]
