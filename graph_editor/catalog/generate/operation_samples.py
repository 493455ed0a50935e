"""What each function of ``keras.ops`` is called with to see what Keras makes of it.

A required argument that is not named here gets a float matrix.
"""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Tensor:
    """An argument that takes a wire."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"


def f(*shape: int | None) -> Tensor:
    return Tensor(shape)


def i(*shape: int | None) -> Tensor:
    return Tensor(shape, "int32")


Samples = dict[str, Any]

MATRIX: Final = f(4, 4)
_VECTOR: Final = f(4)
_IMAGE: Final = f(2, 8, 8, 3)
_COMPLEX: Final = {"x": [f(2, 8, 8), f(2, 8, 8)]}
_PAIR: Final = [MATRIX, MATRIX]
_INTEGERS: Final = {"x": i(4, 4), "y": i(4, 4)}
_KERNEL: Final = {"inputs": _IMAGE, "kernel": f(3, 3, 3, 5)}
_SEGMENTS: Final = {"data": f(6, 3), "segment_ids": i(6), "num_segments": 4}
_POOL: Final = {"inputs": _IMAGE, "pool_size": 2}
_ADAPTIVE: Final = {"inputs": _IMAGE, "output_size": (2, 2)}
_MARGINS: Final = {"images": _IMAGE}

REQUIRED: Final[dict[str, Samples]] = {
    "adaptive_average_pool": _ADAPTIVE,
    "adaptive_max_pool": _ADAPTIVE,
    "argpartition": {"kth": 1},
    "array_split": {"indices_or_sections": 2},
    "average_pool": _POOL,
    "batch_normalization": {"x": f(2, 4), "mean": _VECTOR, "variance": _VECTOR, "axis": -1},
    "bincount": {"x": i(8)},
    "bitwise_and": _INTEGERS,
    "bitwise_invert": {"x": i(4, 4)},
    "bitwise_left_shift": _INTEGERS,
    "bitwise_not": {"x": i(4, 4)},
    "bitwise_or": _INTEGERS,
    "bitwise_right_shift": _INTEGERS,
    "bitwise_xor": _INTEGERS,
    "broadcast_to": {"x": f(4, 1), "shape": [4, 4]},
    "cast": {"dtype": "float32"},
    "clip": {"x_min": 0.0, "x_max": 1.0},
    "concatenate": {"xs": _PAIR},
    "conv": _KERNEL,
    "conv_transpose": {"inputs": _IMAGE, "kernel": f(3, 3, 5, 3)},
    "correlate": {"x1": f(6), "x2": f(3)},
    "cross": {"x1": f(4, 3), "x2": f(4, 3)},
    "ctc_decode": {"inputs": f(2, 6, 5), "sequence_lengths": i(2)},
    "ctc_loss": {"target": i(2, 4), "output": f(2, 6, 5), "target_length": i(2), "output_length": i(2)},
    "depth_to_space": {"x": f(2, 4, 4, 8), "block_size": 2},
    "depthwise_conv": {"inputs": _IMAGE, "kernel": f(3, 3, 3, 1)},
    "digitize": {"bins": f(3)},
    "dot_product_attention": {"query": f(2, 6, 2, 4), "key": f(2, 6, 2, 4), "value": f(2, 6, 2, 4)},
    "dsplit": {"x": f(2, 4, 4), "indices_or_sections": 2},
    "dstack": {"xs": _PAIR},
    "einsum": {"subscripts": "ij,jk->ik", "operands": _PAIR},
    "expand_dims": {"axis": -1},
    "extract_sequences": {"x": f(2, 16), "sequence_length": 4, "sequence_stride": 2},
    "fft": _COMPLEX,
    "fft2": _COMPLEX,
    "fold": {"x": f(2, 12, 16), "output_size": 8, "kernel_size": 2, "stride": 2},
    "full_like": {"fill_value": 0.0},
    "gcd": {"x1": i(4, 4), "x2": i(4, 4)},
    "get_item": {"key": 0},
    "hsplit": {"indices_or_sections": 2},
    "hstack": {"xs": _PAIR},
    "ifft2": _COMPLEX,
    "image.affine_transform": {"transform": f(2, 8)},
    "image.crop_images": {**_MARGINS, "top_cropping": 0, "left_cropping": 0, "target_height": 4, "target_width": 4},
    "image.extract_patches": {"size": 2},
    "image.extract_patches_3d": {"volumes": f(2, 4, 8, 8, 3), "size": 2},
    "image.map_coordinates": {"inputs": f(8, 8), "coordinates": f(2, 4, 4), "order": 1},
    "image.pad_images": {**_MARGINS, "top_padding": 1, "left_padding": 1, "bottom_padding": 1, "right_padding": 1},
    "image.perspective_transform": {"start_points": f(2, 4, 2), "end_points": f(2, 4, 2)},
    "image.resize": {"size": [16, 16]},
    "image.scale_and_translate": {
        "output_shape": [2, 8, 8, 3],
        "scale": f(2),
        "translation": f(2),
        "spatial_dims": [1, 2],
        "method": "linear",
    },
    "in_top_k": {"targets": i(4), "predictions": f(4, 8), "k": 2},
    "irfft": _COMPLEX,
    "isin": {"x2": _VECTOR},
    "istft": {"x": [f(2, 5, 5), f(2, 5, 5)], "sequence_length": 8, "sequence_stride": 4, "fft_length": 8},
    "lcm": {"x1": i(4, 4), "x2": i(4, 4)},
    "ldexp": {"x2": i(4, 4)},
    "left_shift": _INTEGERS,
    "max_pool": _POOL,
    "meshgrid": {"x": [_VECTOR, _VECTOR]},
    "moments": {"axes": [0]},
    "moveaxis": {"x": f(2, 4, 4), "source": 1, "destination": 2},
    "multi_hot": {"inputs": i(4, 4), "num_classes": 8},
    "nanpercentile": {"q": 50.0},
    "nanquantile": {"q": 0.5},
    "one_hot": {"x": i(4), "num_classes": 8},
    "pad": {"pad_width": [[0, 0], [1, 1]]},
    "percentile": {"q": 50.0},
    "psnr": {"max_val": 1.0},
    "quantile": {"q": 0.5},
    "rearrange": {"tensor": f(2, 4, 4), "pattern": "a b c -> a (b c)"},
    "repeat": {"repeats": 2, "axis": -1},
    "reshape": {"newshape": [-1, 8]},
    "right_shift": _INTEGERS,
    "roll": {"shift": 1},
    "saturate_cast": {"dtype": "uint8"},
    "scatter": {"indices": i(3, 2), "values": f(3), "shape": [4, 4]},
    "scatter_update": {"indices": i(3, 2), "updates": f(3)},
    "searchsorted": {"sorted_sequence": f(8), "values": _VECTOR},
    "segment_max": _SEGMENTS,
    "segment_min": _SEGMENTS,
    "segment_prod": _SEGMENTS,
    "segment_sum": _SEGMENTS,
    "select": {"condlist": [Tensor((4, 4), "bool")], "choicelist": [MATRIX]},
    "separable_conv": {"inputs": _IMAGE, "depthwise_kernel": f(3, 3, 3, 1), "pointwise_kernel": f(1, 1, 3, 5)},
    "slice": {"start_indices": [0, 0], "shape": [2, 2]},
    "slice_update": {"start_indices": [0, 0], "updates": f(2, 2)},
    "space_to_depth": {"x": f(2, 4, 4, 2), "block_size": 2},
    "sparse_categorical_crossentropy": {"target": i(4)},
    "split": {"indices_or_sections": 2, "axis": -1},
    "stack": {"x": _PAIR},
    "stft": {"x": f(2, 32), "sequence_length": 8, "sequence_stride": 4, "fft_length": 8},
    "swapaxes": {"axis1": 0, "axis2": 1},
    "take": {"indices": i(3)},
    "take_along_axis": {"indices": i(4, 4), "axis": -1},
    "threshold": {"threshold": 0.5, "default_value": 0.0},
    "tile": {"repeats": [1, 2]},
    "top_k": {"k": 2},
    "unfold": {"x": f(2, 3, 8, 8), "kernel_size": 2},
    "unravel_index": {"indices": i(4), "shape": [4, 4]},
    "unstack": {"x": f(3, 4)},
    "vander": {"x": _VECTOR},
    "view_as_complex": {"x": f(4, 2)},
    "view_as_real": {"x": Tensor((4, 2), "complex64")},
    "vsplit": {"indices_or_sections": 2},
    "vstack": {"xs": _PAIR},
    "where": {"condition": Tensor((4, 4), "bool")},
}

# Arguments that may be left out, and take a wire when they are given.
OPTIONAL: Final[dict[str, Samples]] = {
    "average": {"weights": MATRIX},
    "batch_normalization": {"offset": _VECTOR, "scale": _VECTOR},
    "dot_product_attention": {"bias": f(2, 2, 6, 6), "mask": Tensor((2, 2, 6, 6), "bool")},
    "layer_normalization": {"gamma": _VECTOR, "beta": _VECTOR},
    "rms_normalization": {"scale": _VECTOR},
    "where": {"x1": MATRIX, "x2": MATRIX},
}

# Lists of tensors that are no lists of any length.
_COMPLEX_PARTS: Final = ("real part", "imaginary part")
ITEMS: Final = dict.fromkeys(("fft", "fft2", "ifft2", "irfft", "istft"), _COMPLEX_PARTS)

# Operations that are known and not offered: a model with one of them could not be opened again.
_LISTED: Final = "Keras cannot make it again from its own config: a tuple of sizes comes back as a list."
BROKEN: Final = dict.fromkeys(("adaptive_average_pool", "adaptive_max_pool"), _LISTED)

_FUNCTION = "It takes Python functions, and these cannot be drawn."
_CREATES = "It makes a tensor out of nothing: no wire leads into it."
_WINDOW = "It makes a window from a number of samples and takes no symbolic tensor."

REASONS: Final[dict[str, str]] = {
    "arange": _CREATES,
    "associative_scan": _FUNCTION,
    "bartlett": _WINDOW,
    "blackman": _WINDOW,
    "cond": _FUNCTION,
    "convert_to_numpy": "It takes values out of a model while that runs.",
    "custom_gradient": _FUNCTION,
    "dtype": "It gives a word, not a tensor.",
    "empty": _CREATES,
    "eye": _CREATES,
    "fori_loop": _FUNCTION,
    "full": _CREATES,
    "hamming": _WINDOW,
    "hanning": _WINDOW,
    "identity": _CREATES,
    "is_tensor": "It gives a Python value, not a tensor.",
    "jvp": _FUNCTION,
    "kaiser": _WINDOW,
    "map": _FUNCTION,
    "ones": _CREATES,
    "scan": _FUNCTION,
    "shape": "It gives Python numbers, not a tensor.",
    "switch": _FUNCTION,
    "tri": _CREATES,
    "vectorize": _FUNCTION,
    "vectorized_map": _FUNCTION,
    "while_loop": _FUNCTION,
    "zeros": _CREATES,
}
