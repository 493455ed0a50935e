"""An open folder of pictures: every sample is a file, decoded when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from resources.plain import listed, shown_name
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, OptionChange, ProposedMend
from runtime.messages.describing import Column
from runtime.spec import ColumnKind
from runtime.worker.data.pictures import looking, reading
from runtime.worker.data.pictures.decoding import BUNCH, Decoder
from runtime.worker.data.pictures.folder import arrange, left_out, list_folder
from runtime.worker.data.pictures.reading import PictureError
from runtime.worker.data.pictures.scanning import Scan, scan, verify_all
from runtime.worker.data.pictures.settings import COLOUR, DEPTH, HEIGHT, SKIP, WIDTH, PictureOptions
from runtime.worker.data.sample_files.listing import folder_times, folders_of, sentences
from runtime.worker.data.sample_files.read_through import ReadThrough
from runtime.worker.data.sample_files.unreadable_files import told_one_by_one
from runtime.worker.data.source import Array, DataError, Part, Source, Unreadable
from runtime.worker.data.thumbnails import thumbnail_of

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import folders
    from resources.python_code.in_scripts.folders import Arranged
else:
    np = LazyModule("numpy")
    folders = LazyModule("resources.python_code.in_scripts.folders")

IMAGE: Final = "image"
MASK: Final = "mask"
LABEL: Final = "label"
NAME: Final = "name"
_PIECE_BYTES: Final = 2**25  # of pictures that are read at once to see whether they can be
_COLOURS: Final = {1: "grey", 3: "rgb", 4: "rgba"}
_KINDS: Final[Mapping[str, ColumnKind]] = {IMAGE: "image", MASK: "mask", LABEL: "category", NAME: "text"}


class PicturesSource(Source):
    def __init__(self, path: str, options: PictureOptions) -> None:
        """Raises DataError."""
        self._root, self._options = path, options
        listing = list_folder(path)
        self._title = shown_name(Path(path).name or path)
        found = arrange(listing, options, self._title)
        note_lines = list(left_out(listing, found))
        self._folders = folder_times(path, folders_of(listing))
        self._bad: dict[int, str | Text] = {}
        self._skipped: list[Unreadable] = []
        self._scan: Scan | None = None
        self._through: dict[str, ReadThrough] = {}
        if options.skip_unreadable:
            found = self._without_unreadable(found, note_lines)
        self._files, self._masks, self._parts = found.files, found.masks, found.parts
        self._classes = tuple(sorted(set(found.labels)))
        places = {word: place for place, word in enumerate(self._classes)}
        self._labels = np.array([places[label] for label in found.labels], np.int64)
        self._looked = looking.look(path, self._files)
        self._format = options.pixels(self._looked.size, self._looked.colour, self._looked.depth)
        self._mask_channels, self._mask_dtype = 1, "uint8"
        if self._masks:
            self._mask_channels, self._mask_dtype = looking.look_at_masks(
                path, self._masks, self._format.size, options.fit
            )
        self._decoder = Decoder(self._looked.pixels)
        self._stand_ins: dict[int, int] = {}
        self._lock = threading.Lock()
        self.note = sentences(note_lines)

    def _without_unreadable(self, found: Arranged, note_lines: list[Text]) -> Arranged:
        """The samples whose files look as they should. Raises DataError where none is left."""
        unreadable = scan(self._root, found.files, seconds=float("inf")).unreadable
        if found.masks:  # a mask cannot stand in for another: all are decoded once, so that training meets no surprise
            unreadable = verify_all(self._root, found.files) | verify_all(self._root, found.masks)
        kept = [row for row in range(len(found.files)) if row not in unreadable]
        if not kept:
            raise DataError(Text.of("No picture in {folder} can be read.", folder=self._title))
        if unreadable:
            self._skipped = [
                Unreadable(row, folders.as_written(found.files[row]), Text.of("{reason}", reason=unreadable[row]))
                for row in sorted(unreadable)
            ]
            names = [one.name for one in self._skipped]
            note_lines.insert(0, Text.of("Skipped, because they cannot be read: {names}.", names=listed(names)))
        before = np.cumsum([0, *(row not in unreadable for row in range(len(found.files)))])
        parts = {part: (int(before[first]), int(before[last])) for part, (first, last) in found.parts.items()}
        return folders.Arranged(
            found.layout,
            [found.files[row] for row in kept],
            [found.labels[row] for row in kept] if found.labels else [],
            [found.masks[row] for row in kept] if found.masks else [],
            {part: run for part, run in parts.items() if run[0] < run[1]},
            found.left_out,
        )

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        middle = (MASK,) if self._masks else (LABEL,) if self._classes else ()
        return (IMAGE, *middle, NAME)

    def shape(self, name: str) -> tuple[int, ...]:
        sample = {IMAGE: self._format.shape, MASK: (*self._format.size, self._mask_channels)}.get(name, ())
        return (len(self._files), *sample)

    def dtype(self, name: str) -> np.dtype[Any]:
        if name == IMAGE:
            return self._format.dtype
        return np.dtype({MASK: self._mask_dtype, LABEL: "int64", NAME: "object"}[name])

    def sample_kind(self, name: str) -> ColumnKind | None:
        return _KINDS[name]

    def file_format(self, name: str) -> dict[str, Any]:
        return {"kind": "picture", **asdict(self._format)} if name == IMAGE else {}

    def categories(self, name: str) -> tuple[str, ...]:
        return self._classes if name == LABEL else ()

    def in_memory(self) -> bool:
        return False

    def is_stale(self) -> bool:
        return folder_times(self._root, self._folders) != self._folders

    def run_rows(self, name: str) -> int:
        return 1 if name in (IMAGE, MASK) else 4096

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        return {cast(Part, part): (slice(*run),) for part, run in self._parts.items()}

    def place(self, row: int) -> Text:
        return Text.of("the file {file}", file=self._name(row))

    def _name(self, row: int) -> str:
        return folders.as_written(self._files[row])

    def read(self, name: str, rows: slice) -> Array:
        return self.take(name, np.arange(*rows.indices(len(self._files))))

    @property
    def decodes_in_threads(self) -> bool:
        return True

    def take(self, name: str, rows: Array) -> Array:
        self.require(name)
        if name == LABEL:
            labels: Array = self._labels[rows]
            return labels
        if name == NAME:
            return np.array([self._name(row) for row in rows.tolist()], object)
        taken = np.empty((len(rows), *self.shape(name)[1:]), self.dtype(name))
        if name == IMAGE:
            self._decoder.fill(taken, rows.tolist(), self._read_image, self._read_images)
        else:
            self._decoder.fill(taken, rows.tolist(), self._read_mask)
        return taken

    def _read_images(self, rows: Sequence[int]) -> Array | None:
        with self._lock:
            stand_ins = bool(self._stand_ins)
        return None if stand_ins else self._format.read_many([f"{self._root}/{self._files[row]}" for row in rows])

    def _read_image(self, row: int) -> Array:
        """Raises DataError. Where unreadable pictures are skipped, another one of the class stands in for one."""
        with self._lock:
            shown = self._stand_ins.get(row, row)
        try:
            return self._format.read(f"{self._root}/{self._files[shown]}")
        except PictureError as error:
            problem = self._unreadable(shown, self._files[shown], error)
            if not self._options.skip_unreadable or self._masks:
                raise problem from error
            return self._stand_in(row, shown, problem)

    def _stand_in(self, row: int, bad: int, problem: DataError) -> Array:
        """The next picture of the same class in the same part: this one was whole when the folder was opened."""
        run = next((run for run in self._parts.values() if run[0] <= row < run[1]), (0, len(self._files)))
        candidates = (*range(bad + 1, run[1]), *range(run[0], bad))
        for other in candidates:
            if other in self._bad or (self._classes and self._labels[other] != self._labels[row]):
                continue
            try:
                pixels = self._format.read(f"{self._root}/{self._files[other]}")
            except PictureError as error:
                self._unreadable(other, self._files[other], error)
                continue
            with self._lock:
                self._stand_ins[row] = other
            return pixels
        raise problem

    def _read_mask(self, row: int) -> Array:
        """Raises DataError."""
        file = self._masks[row]
        try:
            numbers = reading.read_mask(f"{self._root}/{file}", self._format.size, self._options.fit)
        except PictureError as error:
            problem = self._unreadable(row, file, error)
            self._bad[row] = Text.of(
                "its mask {mask} cannot be used: {reason}", mask=folders.as_written(file), reason=error.reason
            )
            raise problem from error
        channels = self._mask_channels
        if numbers.shape[-1] > channels or not np.can_cast(numbers.dtype, self._mask_dtype):
            text = Text.of(
                "{file}: the mask {picture} has colours or numbers that the first ones do not have: make all alike.",
                file=self._title,
                picture=folders.as_written(file),
            )
            raise DataError(text)
        return np.broadcast_to(numbers, (*numbers.shape[:2], channels))

    def _unreadable(self, row: int, file: str, error: PictureError) -> DataError:
        self._bad[row] = error.reason
        text = Text.of(
            "{file}: {picture} cannot be read: {reason}.",
            file=self._title,
            picture=folders.as_written(file),
            reason=error.reason,
        )
        return DataError(text, error.detail)

    def thumbnail(self, name: str, row: int, size: int) -> Array | None:
        if name not in (IMAGE, MASK):
            return None
        file = self._files[row] if name == IMAGE else self._masks[row]
        try:
            values = reading.thumbnail(f"{self._root}/{file}", size, is_mask=name == MASK)
        except PictureError as error:
            raise self._unreadable(row, file, error) from error
        return thumbnail_of(values, size)

    def unreadable(self) -> Sequence[Unreadable]:
        """After a look into each file, and reading as many as there is time for."""
        self._scanned()
        for name in (IMAGE, MASK) if self._masks else (IMAGE,):
            if not self._options.skip_unreadable:
                self._bad |= self._reading(name).go_on()
        return [Unreadable(row, self._name(row), Text.of("{reason}", reason=why)) for row, why in self._bad.items()]

    def read_through(self, name: str, tell: Callable[[float], None]) -> None:
        if name in (IMAGE, MASK) and not self._options.skip_unreadable:
            self._bad |= self._reading(name).go_on(float("inf"), tell)
            self._raise_unreadable()

    def _raise_unreadable(self) -> None:
        """Raises DataError where it is known by now that a picture cannot be read."""
        for problem in self._told_unreadable():
            raise DataError(problem.text)

    def _reading(self, name: str) -> ReadThrough:
        """How far the files of a column are read through."""
        if name not in self._through:
            piece = max(1, min(BUNCH, _PIECE_BYTES // self.sample_bytes(name)))
            how = (self._format, self._options.layout, name)
            look = partial(self._looked_through, name)
            self._through[name] = ReadThrough(self._root, how, len(self._files), piece, look)
        return self._through[name]

    def _looked_through(self, name: str, first: int, last: int) -> dict[int, str | Text]:
        """The samples of a piece that cannot be read, and why; others are only looked at one by one where one is."""
        try:
            self.read(name, slice(first, last))
        except DataError:
            for row in range(first, last):
                try:
                    self.read(name, slice(row, row + 1))
                except DataError as error:
                    self._bad.setdefault(row, error.text)
        return {row: why for row, why in self._bad.items() if first <= row < last}

    def same_samples(self) -> Sequence[tuple[int, ...]]:
        return self._scanned().same

    def _scanned(self) -> Scan:
        if self._scan is None:
            self._scan = scan(self._root, self._files)
            self._bad |= self._scan.unreadable
        return self._scan

    def doubts(self, name: str) -> Iterator[DataProblem]:
        if name == IMAGE:
            yield from self._told_unreadable()
            yield from self._told_sizes()

    def _told_unreadable(self) -> Iterator[DataProblem]:
        yield from told_one_by_one(self._root, IMAGE, self._skipped, skipped=True)
        bad = [] if self._options.skip_unreadable else sorted(self.unreadable())
        if not bad:
            return
        names = listed([one.name for one in bad])
        if len(bad) == 1:
            text = Text.of(
                "{file}: {picture} cannot be read: {reason}.",
                file=self._title,
                picture=names,
                reason=bad[0].reason,
            )
        else:
            text = Text.of(
                "{file}: {count} pictures cannot be read: {names}. Of the first one: {reason}.",
                file=self._title,
                count=len(bad),
                names=names,
                reason=bad[0].reason,
            )
        mend = ProposedMend(Text("Skip pictures that cannot be read"), (OptionChange(SKIP.key, True),))
        yield DataProblem("error", text, column=IMAGE, kind="unreadable", mend=mend, row=bad[0].row)
        if len(bad) > 1:
            yield from told_one_by_one(self._root, IMAGE, bad, skipped=False)

    def _describe(self, name: str) -> Column:
        described = super()._describe(name)
        return msgspec.structs.replace(described, note=self._size_note()) if name == IMAGE else described

    def _size_note(self) -> Text | None:
        """What size they are given, where that is not the one they have."""
        sizes, made = self._looked.sizes, _shown(self._format.size)
        if not sizes - {self._format.size}:
            return None
        smallest, largest = (_shown(pick(sizes, key=_area)) for pick in (min, max))
        if len(sizes) == 1:
            return Text.of("The pictures of {size} (height×width) are each made {made}.", size=largest, made=made)
        return Text.of(
            "The pictures of {smallest} to {largest} (height×width) are each made {made}.",
            smallest=smallest,
            largest=largest,
            made=made,
        )

    def reshaping(self, name: str, shape: Sequence[int | None]) -> ProposedMend | None:
        if name not in (IMAGE, MASK) or len(shape) != 3:
            return None
        colour = _COLOURS.get(shape[-1] or self._format.shape[-1])
        if name == IMAGE and colour is None:
            return None
        height, width = (chosen or own for chosen, own in zip(shape[:2], self._format.size, strict=True))
        changes = [OptionChange(HEIGHT.key, height), OptionChange(WIDTH.key, width)]
        if name == IMAGE and colour != self._format.colour:
            changes.append(OptionChange(COLOUR.key, colour))
            if colour != "grey" and self._format.depth != "8":
                changes.append(OptionChange(DEPTH.key, "8"))
        if (height, width) == self._format.size and len(changes) == 2:
            return None
        size = f"{height}×{width}×{shape[-1] or self._format.shape[-1]}" if name == IMAGE else f"{height}×{width}"
        return ProposedMend(Text.of("Read the pictures as {size}", size=size), tuple(changes))

    def _told_sizes(self) -> Iterator[DataProblem]:
        sizes = self._looked.sizes
        if self._options.size is not None or len(sizes) < 2:
            return
        height, width = self._format.size
        smallest, largest = (pick(sizes, key=_area) for pick in (min, max))
        text = Text.of(
            "{file}: the pictures are of different sizes, {smallest} to {largest} (height×width), and each is made "
            "{size}.",
            file=self._title,
            smallest=_shown(smallest),
            largest=_shown(largest),
            size=_shown((height, width)),
        )
        changes = (OptionChange(HEIGHT.key, height), OptionChange(WIDTH.key, width))
        mend = ProposedMend(Text.of("Keep {size}", size=_shown((height, width))), changes)
        yield DataProblem("warning", text, column=IMAGE, kind="mixed_sizes", mend=mend)

    def close(self) -> None:
        self._decoder.close()


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _shown(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"
