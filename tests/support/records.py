"""Files of records as TensorFlow writes them, without TensorFlow."""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from runtime.worker.data.records.checksums import masked_checksums
from runtime.worker.data.records.example_message import example_class


def example(**features: Any) -> bytes:
    """Words, bytes, numbers and lists of them; None: the feature is not there."""
    made = example_class()()
    for name, value in features.items():
        if value is None:
            continue
        values = value if isinstance(value, list) else [value]
        feature = made.features.feature[name]
        if values and isinstance(values[0], str | bytes):
            feature.bytes_list.value.extend([text.encode() if isinstance(text, str) else text for text in values])
        elif any(isinstance(number, float) for number in values):
            feature.float_list.value.extend(values)
        else:
            feature.int64_list.value.extend(values)
    written: bytes = made.SerializeToString()
    return written


def framed(records: Iterable[bytes]) -> bytes:
    records = list(records)
    heads = [struct.pack("<Q", len(record)) for record in records]
    checksums = [masked_checksums(pieces).astype("<u4") for pieces in (heads, records)]
    return b"".join(
        part
        for head, of_head, record, of_record in zip(heads, checksums[0], records, checksums[1], strict=True)
        for part in (head, of_head.tobytes(), record, of_record.tobytes())
    )


def write(path: Path, records: Iterable[bytes], packed: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = framed(records)
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def picture(value: int, size: tuple[int, int] = (6, 5), form: str = "PNG") -> bytes:
    """Of (height, width), in colours."""
    stream = io.BytesIO()
    pixels = np.full((*size, 3), value, np.uint8)
    pixels[0, 0] = (255, 0, value)
    Image.fromarray(pixels).save(stream, form)
    return stream.getvalue()
