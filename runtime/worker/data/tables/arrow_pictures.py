"""Pictures whose files lie in a column of a table, as bytes, or as Hugging Face's pairs of bytes and path."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.pictures.decoding import Decoder
from runtime.worker.data.source import Array

if TYPE_CHECKING:
    import numpy as np

    from runtime.worker.data.pictures import looking, reading
else:
    np = LazyModule("numpy")
    looking = LazyModule("runtime.worker.data.pictures.looking")
    reading = LazyModule("runtime.worker.data.pictures.reading")

LOOKED_AT: Final = 64
_BYTES: Final = "bytes"  # the field of a pair
_ELSEWHERE: Final = Text("its bytes are not in the table")


def may_be_pictures(kind: Any) -> bool:
    """Whether a type of Arrow holds bytes, alone or in a pair."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        place = kind.get_field_index(_BYTES)
        return place >= 0 and kind.num_fields <= 2 and may_be_pictures(kind.field(place).type)
    types = pa.types
    return bool(types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind))


def bytes_in(column: Any) -> Any:
    """The bytes of a column that holds them alone or in a pair; null where there are none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    while isinstance(column, pa.ExtensionArray):
        column = column.storage
    return pc.struct_field(column, _BYTES) if pa.types.is_struct(column.type) else column


class PictureColumn:
    """What the pictures of a column are made into, as the first ones say."""

    @classmethod
    def of(cls, first: Any) -> PictureColumn | None:
        """`first` are values from the beginning of the column; None where they are no pictures."""
        found = [data for data in bytes_in(first).slice(0, LOOKED_AT).to_pylist() if data]
        if not any(reading.known_beginning(data) for data in found):
            return None
        return cls(found)

    def __init__(self, found: Sequence[bytes]) -> None:
        looked = looking.look_into([io.BytesIO(data) for data in found])
        self.format = reading.PictureFormat(looked.size, looked.colour, looked.depth)
        self._decoder = Decoder(looked.pixels)

    def read(self, files: Sequence[Any]) -> Array:
        """Pictures of scalars of Arrow. Raises PictureError, whose `row` is the place among them."""
        out = np.empty((len(files), *self.format.shape), self.format.dtype)
        self._decoder.fill(out, range(len(files)), lambda place: self.format.decode(file_of(files[place])))
        return out

    def close(self) -> None:
        self._decoder.close()


def file_of(scalar: Any) -> bytes:
    """Raises PictureError."""
    data: bytes | None = scalar.as_py()
    if not data:
        raise reading.PictureError(_ELSEWHERE if data is None else reading.EMPTY)
    return data
