"""A folder in which each file is a sample: its column, the class that folders say, and the name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from resources.plain import listed, shown_name
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, OptionChange, ProposedMend
from runtime.spec import ColumnKind
from runtime.worker.data.sample_files.listing import sentences
from runtime.worker.data.sample_files.read_through import ReadThrough
from runtime.worker.data.sample_files.unreadable_files import told_one_by_one
from runtime.worker.data.source import Array, DataError, Part, Source, Unreadable
from runtime.worker.process.waiting import got_on

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import folders
    from resources.python_code.in_scripts.folders import Arranged
else:
    np = LazyModule("numpy")
    folders = LazyModule("resources.python_code.in_scripts.folders")

LABEL: Final = "label"
NAME: Final = "name"
SKIP_KEY: Final = "skip_unreadable"
_PIECE: Final = 32  # files between two looks at the clock


class FileError(Exception):
    """A file that cannot be read: `reason` is the end of a sentence."""

    def __init__(self, reason: Text, detail: str = "") -> None:
        super().__init__(reason.english())
        self.reason, self.detail = reason, detail


class FilesSource(Source):
    """Columns `column`, `label` where there are classes, and `name`."""

    def __init__(self, path: str, column: str, found: Arranged, notes: Sequence[Text], *, skip: bool) -> None:
        """`skip`: all files are looked at, and those that cannot be read are left out. Raises DataError."""
        self._root, self._column, self._skip = path, column, skip
        self._title = shown_name(Path(path).name or path)
        self._bad: dict[int, str | Text] = {}
        self._skipped: list[Unreadable] = []
        self._use(found)
        self._through: ReadThrough | None = None
        lines = list(notes)
        if skip:
            self._look()
            if self._bad:
                self._skipped = [
                    Unreadable(row, self.file_name(row), Text.of("{reason}", reason=self._bad[row]))
                    for row in sorted(self._bad)
                ]
                names = [one.name for one in self._skipped]
                lines.insert(0, Text.of("Skipped, because they cannot be read: {names}.", names=listed(names)))
                self._use(without_rows(found, self._bad))
                self._bad = {}
            if not self._files:
                raise DataError(Text.of("No file in {folder} can be read.", folder=self._title))
        self.note = sentences(lines)

    def _use(self, found: Arranged) -> None:
        self._files, self._parts = found.files, found.parts
        self._classes = tuple(sorted(set(found.labels)))
        places = {word: place for place, word in enumerate(self._classes)}
        self._labels = np.array([places[label] for label in found.labels], np.int64)

    @abstractmethod
    def read_file(self, path: Path) -> Any:
        """The sample. Raises FileError."""

    @abstractmethod
    def look_at(self, path: Path) -> None:
        """Raises FileError where the file cannot be read, as far as that is found out quickly."""

    @property
    @abstractmethod
    def file_kind(self) -> ColumnKind:
        """What the samples are."""

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return (self._column, *((LABEL,) if self._classes else ()), NAME)

    def shape(self, name: str) -> tuple[int, ...]:
        return (len(self._files), *(self.file_shape if name == self._column else ()))

    @property
    def file_shape(self) -> tuple[int, ...]:
        return ()

    def dtype(self, name: str) -> np.dtype[Any]:
        return self.file_dtype if name == self._column else np.dtype("int64" if name == LABEL else "object")

    @property
    def file_dtype(self) -> np.dtype[Any]:
        return np.dtype(object)

    def sample_kind(self, name: str) -> ColumnKind | None:
        if name == self._column:
            return self.file_kind
        return "category" if name == LABEL else "text"

    def categories(self, name: str) -> tuple[str, ...]:
        return self._classes if name == LABEL else ()

    def in_memory(self) -> bool:
        return False

    def run_rows(self, name: str) -> int:
        return 1 if name == self._column else 4096

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        return {cast(Part, part): (slice(*run),) for part, run in self._parts.items()}

    def file_name(self, row: int) -> str:
        return folders.as_written(self._files[row])

    def path(self, row: int) -> Path:
        return Path(self._root, self._files[row])

    def place(self, row: int) -> Text:
        return Text.of("the file {file}", file=self.file_name(row))

    def read(self, name: str, rows: slice) -> Array:
        return self.take(name, np.arange(*rows.indices(len(self._files))))

    def take(self, name: str, rows: Array) -> Array:
        self.require(name)
        if name == LABEL:
            labels: Array = self._labels[rows]
            return labels
        taken = np.empty((len(rows), *self.shape(name)[1:]), self.dtype(name))
        for place, row in enumerate(rows.tolist()):
            taken[place] = self.file_name(row) if name == NAME else self._sample(row)
        return taken

    def _sample(self, row: int) -> Any:
        """Raises DataError."""
        try:
            return self.read_file(self.path(row))
        except FileError as error:
            self._bad[row] = error.reason
            text = Text.of(
                "{file}: {name} cannot be read: {reason}.",
                file=self._title,
                name=self.file_name(row),
                reason=error.reason,
            )
            raise DataError(text, error.detail) from error

    def _look(self) -> None:
        for row in range(len(self._files)):
            got_on(row, len(self._files), "files")
            try:
                self.look_at(self.path(row))
            except FileError as error:
                self._bad[row] = error.reason

    def unreadable(self) -> Sequence[Unreadable]:
        """After a look into each file, or as many as there is time for."""
        if not self._skip:
            self._bad |= self._reading().go_on()
        return [
            Unreadable(row, self.file_name(row), Text.of("{reason}", reason=self._bad[row]))
            for row in sorted(self._bad)
        ]

    def read_through(self, name: str, tell: Callable[[float], None]) -> None:
        if name == self._column and not self._skip:
            self._bad |= self._reading().go_on(float("inf"), tell)
            for problem in self._told_unreadable():
                raise DataError(problem.text)

    def _reading(self) -> ReadThrough:
        if self._through is None:
            how = (self._column, self.file_shape, str(self.file_dtype))
            self._through = ReadThrough(self._root, how, len(self._files), _PIECE, self._looked_through)
        return self._through

    def _looked_through(self, first: int, last: int) -> dict[int, Text]:
        bad = {}
        for row in range(first, last):
            try:
                self.look_at(self.path(row))
            except FileError as error:
                bad[row] = error.reason
        return bad

    def doubts(self, name: str) -> Iterator[DataProblem]:
        if name != self._column:
            return
        yield from told_one_by_one(self._root, name, self._skipped, skipped=True)
        yield from self._told_unreadable()

    def _told_unreadable(self) -> Iterator[DataProblem]:
        bad, name = self.unreadable(), self._column
        if not bad:
            return
        if len(bad) == 1:
            text = Text.of(
                "{file}: {name} cannot be read: {reason}.", file=self._title, name=bad[0].name, reason=bad[0].reason
            )
        else:
            text = Text.of(
                "{file}: {count} files cannot be read: {names}. Of the first one: {reason}.",
                file=self._title,
                count=len(bad),
                names=listed([one.name for one in bad]),
                reason=bad[0].reason,
            )
        mend = ProposedMend(Text("Skip files that cannot be read"), (OptionChange(SKIP_KEY, True),))
        yield DataProblem("error", text, column=name, kind="unreadable", mend=mend, row=bad[0].row)
        if len(bad) > 1:
            yield from told_one_by_one(self._root, name, bad, skipped=False)


def without_rows(found: Arranged, rows: Mapping[int, Any]) -> Arranged:
    """All samples but those."""
    kept = [row for row in range(len(found.files)) if row not in rows]
    before = np.cumsum([0, *(row not in rows for row in range(len(found.files)))])
    parts = {part: (int(before[first]), int(before[last])) for part, (first, last) in found.parts.items()}
    return folders.Arranged(
        found.layout,
        [found.files[row] for row in kept],
        [found.labels[row] for row in kept] if found.labels else [],
        [found.masks[row] for row in kept] if found.masks else [],
        {part: run for part, run in parts.items() if run[0] < run[1]},
        found.left_out,
    )
