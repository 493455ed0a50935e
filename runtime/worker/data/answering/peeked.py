"""The first samples of data that takes long to open, from the beginning of its file. Free of Keras."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from runtime.data_kinds import DataKind, kind_module
from runtime.messages.describing import DataPeeked, PeekData
from runtime.messages.looking import PreviewData
from runtime.spec import DataSource, DataSpec
from runtime.worker.data.answering.view import preview
from runtime.worker.data.source import DataError, Source

_ROWS: Final = 64
_COLUMNS: Final = 100
_EDGE: Final = 96  # pixels of pictures; and long samples are cut


def peek_data(message: PeekData) -> DataPeeked:
    """No columns where opening the data takes no longer than this, or where it is wrong: opening it says what."""
    nothing = DataPeeked(message.id)
    if len(message.data.sources) != 1:
        return nothing
    try:
        source = _peeked(message.data.sources[0])
        if source is None:
            return nothing
        names = source.names()[:_COLUMNS]
        previews = preview(source, PreviewData(0, DataSpec(()), names, _ROWS, thumbnails=_EDGE))
        columns = tuple(replace(source.column(name), samples=min(_ROWS, source.shape(name)[0])) for name in names)
    except (DataError, MemoryError):
        return nothing
    return DataPeeked(message.id, columns, previews)


def _peeked(source: DataSource) -> Source | None:
    try:
        module = kind_module(source.kind)
    except ModuleNotFoundError:
        return None
    kind: DataKind = module.KIND
    if not kind.peeks or kind.wrong_option(source.options) is not None:
        return None
    opened: Source | None = module.peek(source)
    return opened
