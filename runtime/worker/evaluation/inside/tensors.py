"""What comes out of a box, as an array: whatever form its backend has for it."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def dtype_name(tensor: Any) -> str:
    """Keras' name of a data type; "string" for words."""
    dtype = getattr(tensor, "dtype", None)
    try:
        return str(keras.backend.standardize_dtype(dtype))
    except (ValueError, TypeError):
        return str(getattr(dtype, "name", dtype))


def to_array(tensor: Any) -> Array:
    """The values, with the sample axis; words as objects (str). Raises TypeError for what is no tensor."""
    if tensor is None:
        raise TypeError("there is nothing")
    if not keras.ops.is_tensor(tensor) and not isinstance(tensor, np.ndarray | np.generic | int | float):
        raise TypeError(type(tensor).__name__)
    name = dtype_name(tensor)
    if name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):  # NumPy has no such numbers
        tensor = keras.ops.cast(tensor, "float32")
    # EagerTensors of TensorFlow on the CPU lend their memory, which Keras would copy.
    lends = hasattr(tensor, "_numpy")
    values: Array = np.asarray(tensor) if lends else np.asarray(keras.ops.convert_to_numpy(tensor))
    if values.dtype.kind in "OSU":
        words = [item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item) for item in values.ravel()]
        values = np.array(words, dtype=object).reshape(values.shape)
    return values
