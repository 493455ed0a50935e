"""The list of a project's runs, read fast: what is known of each, by what its files looked like when it was read.

Of 10,000 runs, opening each folder's files takes many seconds, and their models would fill the memory. So an index
beside them keeps what a list shows of each run, with the times and sizes of its files; it is a cache and no more: what
does not fit the files any more is read anew, and one that is damaged, or was made by another version, is made anew.
A run in it has its settings but not its model (`light`): who needs that reads the run itself.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from resources import processes
from resources.atomic import write_atomically
from resources.regular_files import read_regular
from runtime.event_file import EVENTS_FILE
from runtime.run_about import ABOUT_FILE, About, sound
from runtime.run_process import PROCESS_FILE
from runtime.spec import DataSource, DataSpec, RunSpec
from runtime.store import BEST_FILE, RESULT_FILE, RUN_FILE, RunInfo, RunResult, RunStore, is_possible, read_run

INDEX_FILE: Final = "runs.index"
VERSION: Final = 1
FEWEST: Final = 100  # runs of which an index is written: fewer are read as fast without
_CHANGED: Final = 50  # so many are read anew rather than that the whole index is written again
_BLOCK: Final = 100  # runs that are decoded at once: other threads wait so long
_MOST_BYTES: Final = 1 << 30
_FRESH: Final = 2.0  # seconds in which a file may change again without another time
_FILES: Final = ("", RUN_FILE, RESULT_FILE, ABOUT_FILE, "evaluations")
_OF_UNENDED: Final = (EVENTS_FILE, PROCESS_FILE)
_ASK_ANEW: Final = ("running", "damaged")
_OF_THIS_MACHINE: Final = ("interrupted", "elsewhere")  # what another one would say of it may differ
_log = logging.getLogger(__name__)
Stamp = tuple[int, ...]
GoOn = Callable[[int, int], bool]


class TrackedRun(msgspec.Struct, frozen=True):
    """A run in the list. `size`: the bytes that its files take. `lightened`: its model is not there (see `light`)."""

    info: RunInfo
    size: int
    lightened: bool = False

    @property
    def folder(self) -> Path:
        return self.info.folder


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    folder: str
    stamp: Stamp
    size: int
    name: str
    created: float
    spec: RunSpec
    result: RunResult
    model: str | None
    best: bool
    paused: bool
    model_epoch: int | None
    about: About


class _Index(msgspec.Struct, frozen=True):
    version: int
    reader: str
    blocks: tuple[bytes, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[list[_Entry]] = msgspec.msgpack.Decoder(list[_Entry])


class RunIndex:
    """The runs in `folder`. One thread at a time may read it; what it has read it keeps for the next time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[Stamp, TrackedRun]] = {}
        self._loaded = False

    def read(self, go_on: GoOn = lambda _done, _count: True) -> list[TrackedRun]:
        """All runs, damaged ones too, oldest first. `go_on` gets how many of how many are read. Raises OSError.

        What is left when it says no is not in the list, nor is the index written then.
        """
        folders = RunStore(self.folder).folders()
        if not self._loaded:
            self._loaded = True
            self._known = _stored(self.folder) if len(folders) >= FEWEST else {}
        found: dict[str, tuple[Stamp, TrackedRun]] = {}
        changed, whole = 0, True
        for number, folder in enumerate(folders):
            if number % 50 == 0 and not go_on(number, len(folders)):
                whole = False
                break
            known = self._known.get(folder.name)
            if known is not None and known[0] and known[0] == _stamp(folder, known[1].info):
                found[folder.name] = known
                continue
            changed += 1
            anew = _read(folder, lighten=len(folders) >= FEWEST)
            if anew is not None:
                found[folder.name] = anew
        if whole:
            lost_count = len(self._known.keys() - found.keys())
            self._known = found
            if len(found) >= FEWEST and max(changed, lost_count) >= _CHANGED:
                _store(self.folder, found.values())
        return sorted((run for _stamp, run in found.values()), key=lambda run: run.info.number)


def light(run: RunInfo) -> RunInfo:
    """The run without what only the run itself is asked for: model, columns and what feeds what."""
    spec = run.spec
    sources = tuple(DataSource(source.kind, source.path, name=source.name) for source in spec.data.sources)
    lighter = RunSpec(
        spec.name, {}, DataSpec(sources), (), spec.training, spec.initial_weights,
        titles=spec.output_titles(), data_stamps=spec.data_stamps,
    )  # fmt: skip
    return msgspec.structs.replace(run, spec=lighter)


def bytes_in(folder: Path) -> int:
    """What the files below the folder take together; links are not followed. What cannot be read counts nothing."""
    total, waiting = 0, [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError as error:
            _log.info("The size of a folder is not known: %s", error)
    return total


def _read(folder: Path, lighten: bool) -> tuple[Stamp, TrackedRun] | None:
    before = _stamp(folder, None)
    run = read_run(folder)
    if run is None:
        return None
    stamp = before if run.status in _OF_THIS_MACHINE else before[: 2 * len(_FILES)]
    settled = run.status not in _ASK_ANEW and max(before[::2]) < (time.time() - _FRESH) * 1e9
    return stamp if settled else (), TrackedRun(light(run) if lighten else run, bytes_in(folder), lighten)


def _stamp(folder: Path, run: RunInfo | None) -> Stamp:
    """The times and sizes of the files that say what a run is; of one that has not ended, or of None, of all."""
    names = _FILES if run is not None and run.status not in _OF_THIS_MACHINE else (*_FILES, *_OF_UNENDED)
    place, stamp = str(folder), []
    for name in names:
        try:
            facts = os.stat(f"{place}/{name}" if name else place)  # noqa: PTH116 - a Path for each costs more than the asking
        except OSError:
            stamp += [0, 0]
        else:
            stamp += [facts.st_mtime_ns, facts.st_size]
    return tuple(stamp)


def _reader() -> str:
    """Who asks whether a process is there."""
    return f"{processes.machine()} {processes.boot()} {processes.space()}"


def _store(folder: Path, runs: Iterable[tuple[Stamp, TrackedRun]]) -> None:
    entries = [_entry(stamp, run) for stamp, run in runs if stamp]
    blocks = tuple(_encoder.encode(entries[start : start + _BLOCK]) for start in range(0, len(entries), _BLOCK))
    try:
        write_atomically(folder / INDEX_FILE, _encoder.encode(_Index(VERSION, _reader(), blocks)))
    except OSError as error:  # a folder that may only be read, say: the list is there all the same
        _log.info("The index of the runs was not written: %s", error)


def _stored(folder: Path) -> dict[str, tuple[Stamp, TrackedRun]]:
    try:
        index = msgspec.msgpack.decode(read_regular(folder / INDEX_FILE, _MOST_BYTES), type=_Index)
        if index.version != VERSION:
            return {}
        same = index.reader == _reader()
        return {run.folder.name: (stamp, run) for stamp, run in _decoded(folder, index.blocks, same)}
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        _log.info("The index of the runs is made anew: %s", error)
        return {}


def _decoded(folder: Path, blocks: Iterable[bytes], same: bool) -> Iterator[tuple[Stamp, TrackedRun]]:
    for block in blocks:
        for entry in _decoder.decode(block):
            if (same or entry.result.status not in _OF_THIS_MACHINE) and is_possible(entry.result, entry.created):
                yield entry.stamp, _run(folder, entry)


def _entry(stamp: Stamp, run: TrackedRun) -> _Entry:
    info = run.info if run.lightened else light(run.info)
    return _Entry(
        info.folder.name, stamp, run.size, info.name, info.created, info.spec, info.result,
        info.model.name if info.model else None, info.best_model is not None, info.paused, info.model_epoch, info.about,
    )  # fmt: skip


def _run(runs: Path, entry: _Entry) -> TrackedRun:
    folder = runs / Path(entry.folder).name
    number = int(folder.name.partition("-")[0])
    info = RunInfo(
        folder, number, entry.name, entry.created, entry.spec, entry.result,
        folder / Path(entry.model).name if entry.model else None, folder / BEST_FILE if entry.best else None,
        entry.paused, entry.model_epoch, sound(entry.about),
    )  # fmt: skip
    return TrackedRun(info, entry.size, lightened=True)
