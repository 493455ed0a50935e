"""Opening what a project has as data, and keeping it open. Free of Keras."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from resources.text import Text
from runtime.data_kinds import DataKind, kind_module, source_title, unknown_kind
from runtime.messages.preparing import Preparing
from runtime.spec import NO_FILE, ColumnSpec, DataSource, DataSpec, Windows
from runtime.worker.data.joined import JoinedSource
from runtime.worker.data.prepared import of_chosen_kinds, prepared
from runtime.worker.data.preparing.known_states import KnownStates
from runtime.worker.data.source import DataError, Source
from runtime.worker.process.control import CancelledError


@contextmanager
def open_data(spec: DataSpec) -> Iterator[Source]:
    """All that a project says of its data, as one source. Raises DataError."""
    if not spec.sources:
        raise DataError(NO_FILE)
    with ExitStack() as opened:
        identity = _identity(spec)
        source = joined(spec, [opened.enter_context(open_source(one)) for one in spec.sources])
        source.identity = identity
        yield source


def joined(spec: DataSpec, sources: list[Source]) -> Source:
    """The opened sources of `spec` as one. Raises DataError."""
    if len(sources) > 1 and any(source.fed_as_it_is for source in sources):
        raise DataError(Text("What the project's own code makes is fed as it is: it cannot be joined with other data."))
    return sources[0] if len(sources) == 1 else JoinedSource(sources, spec.sources)


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    try:
        module = kind_module(source.kind)
    except ModuleNotFoundError as error:
        raise DataError(unknown_kind(source.kind)) from error
    kind: DataKind = module.KIND
    if kind.on_disk and source.made_up:
        raise DataError(NO_FILE)
    wrong = kind.wrong_option(source.options)
    if wrong is not None:
        raise DataError(Text.of("{file}: {reason}", file=source_title(source), reason=wrong))
    try:
        opened: Source = module.open_source(source)
    except MemoryError as error:
        file = Path(source.path).name or str(source.kind)
        raise DataError(Text("{file} does not fit into memory.", {"file": file})) from error
    return opened


class Sources:
    """Keeps the last data open while its files stay the same: CSV files take long to read.

    Of the sources of a project each is read again only where it has changed itself.
    """

    def __init__(self) -> None:
        self._opened: list[tuple[DataSource, object, Source]] = []
        self._joined: tuple[tuple[DataSource, ...], list[Source], Source] | None = None
        self._prepared: tuple[Source, dict[str, ColumnSpec], Windows | None, Preparing, Source] | None = None
        self._states = KnownStates.of_this_computer()
        self._waits: Callable[[], bool] = _always

    def open(self, spec: DataSpec) -> Source:
        """The caller does not close it. Raises DataError."""
        if not spec.sources:
            raise DataError(NO_FILE)
        sources = [self._open(source, len(spec.sources)) for source in spec.sources]
        if self._joined is None or self._joined[:2] != (spec.sources, sources):
            self._joined = (spec.sources, sources, joined(spec, sources))
            self._joined[2].identity = _identity(spec)
        return self._joined[2]

    def as_it_comes(self, spec: DataSpec) -> Source:
        """The same before all steps, its columns of the kinds that people have chosen. Raises DataError."""
        return of_chosen_kinds(self.open(spec), spec.columns)

    def prepared(self, spec: DataSpec, how: Preparing, waits: Callable[[], bool]) -> Source:
        """The same behind the steps of its columns, which learn of the samples that `how` tells to be for training.

        The caller does not close it. Raises DataError, and CancelledError when nobody waits any more.
        """
        base = self.open(spec)
        self._waits = waits
        if self._prepared is None or self._prepared[:4] != (base, spec.columns, spec.windows, how):
            found = prepared(base, spec, how, self._states, self._tell)
            self._prepared = (base, spec.columns, spec.windows, how, found)
        return self._prepared[4]

    def _tell(self, _what: Text, _part: float) -> None:
        if not self._waits():
            raise CancelledError

    def _open(self, source: DataSource, most: int) -> Source:
        what = DataSource(source.kind, source.path, source.options)  # its name and join are no reason to read it again
        stamp = _stamp(what)
        for place, (other, known, opened) in enumerate(self._opened):
            if other != what:
                continue
            if known == stamp and not opened.is_stale():
                self._opened.append(self._opened.pop(place))
                return opened
            self._forget(place)
            break
        while len(self._opened) >= most:
            self._forget(0)
        opened = open_source(what)
        self._opened.append((what, stamp, opened))
        return opened

    def _forget(self, place: int) -> None:
        self._joined = self._prepared = None
        self._opened.pop(place)[2].close()

    def close(self) -> None:
        while self._opened:
            self._forget(0)


def _identity(spec: DataSpec) -> str:
    """Of single files alone: that something in a folder has changed, the folder does not tell."""
    stamps = [_stamp(source) for source in spec.sources]
    whole = all(
        source.path and Path(source.path).is_file() and not source.options.get("files") for source in spec.sources
    )
    if not whole:
        return ""
    return hashlib.sha256(repr((spec.sources, stamps)).encode("utf-8", "surrogatepass")).hexdigest()


def _always() -> bool:
    return True


def _stamp(source: DataSource) -> object:
    if not source.path:
        return None
    try:
        status = Path(source.path).stat()
    except (OSError, ValueError):  # ValueError: no file can have the name
        return object()  # unlike any other: the file is opened again, which tells what is wrong
    return status.st_mtime_ns, status.st_size, status.st_ino
