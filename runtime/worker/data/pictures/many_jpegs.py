"""Decoding many small, plain JPEG files of one size at once, by TensorFlow where a process has it already.

For each small picture Python takes as long as libjpeg. TensorFlow decodes all of a bunch without Python, with the same
library: its exact inverse transform gives the pixels that Pillow gives, which a test holds for each kind of file.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from runtime.lazy import LazyModule
from runtime.worker.data.pictures.fast_jpeg import plain_frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    Array = Any


def decode_many(datas: Sequence[bytes], height: int, width: int, channels: int) -> Array | None:
    """The pixels, of shape (files, height, width, channels) and type uint8; `channels` is 1 for grey or 3.

    None where TensorFlow is not there, or a file is no plain JPEG of that size, or damaged.
    """
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None or not datas:
        return None
    for data in datas:
        frame = plain_frame(data)
        if frame is None or frame[0] != width or frame[1] != height:
            return None
    try:
        pixels: Array = _decoder(height, width, channels)(tensorflow.constant(datas, tensorflow.string)).numpy()
    except tensorflow.errors.InvalidArgumentError:  # one is damaged: one by one, it is told which
        return None
    return pixels


@functools.lru_cache(maxsize=8)
def _decoder(height: int, width: int, channels: int) -> Callable[[Any], Any]:
    import tensorflow as tf

    one = tf.TensorSpec((height, width, channels), tf.uint8)

    def decode(files: Any) -> Any:
        with tf.device("CPU:0"):
            return tf.map_fn(
                lambda file: tf.ensure_shape(
                    tf.io.decode_jpeg(file, channels=channels, dct_method="INTEGER_ACCURATE"), one.shape
                ),
                files,
                fn_output_signature=one,
                parallel_iterations=32,
            )

    made: Callable[[Any], Any] = tf.function(
        decode, input_signature=[tf.TensorSpec((None,), tf.string)], autograph=False
    )
    return made
