"""What questions about trained models have in common. Each kind of question has a file in `answers/`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from resources.text import Text
from runtime.evaluation.kept_data import KeptColumn, KeptData
from runtime.messages.preparing import Preparing
from runtime.messages.trained import GivenValue, On, OneSample, Trained
from runtime.splits import split_of
from runtime.store import RUN_FILE
from runtime.worker.data.fitting import fit
from runtime.worker.data.keeping.given import GivenSource
from runtime.worker.data.keeping.kept_facts import before_steps, bound_columns, fingerprint, kept_of, parts_of
from runtime.worker.data.keeping.taught import taught
from runtime.worker.data.opening import Sources
from runtime.worker.data.remembered import remembered
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.split import as_array, truths_of
from runtime.worker.data.stamps import changed_since
from runtime.worker.data.windowed import windowed
from runtime.worker.evaluation.chosen import Chosen, require_columns
from runtime.worker.evaluation.known import Known
from runtime.worker.evaluation.loaded import Arrays, Loaded
from runtime.worker.evaluation.measuring.kept import KeptEvaluations
from runtime.worker.evaluation.samples import Samples
from runtime.worker.evaluation.trying.shown import given_value
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import is_waited_for

_KEPT: Final = 4  # models at once
_Key = tuple[bytes, int]
_Made = TypeVar("_Made", bound=Known)


class Evaluator:
    """Keeps what questions have in common: models that are loaded, data that is open. Lives on the thread of Keras."""

    def __init__(self) -> None:
        self._known: OrderedDict[_Key, Known] = OrderedDict()
        self._loaded: OrderedDict[_Key, Loaded] = OrderedDict()
        self._own, self._other = Sources(), Sources()
        self.evaluations = KeptEvaluations()

    def known(self, trained: Trained) -> Known:
        """What its run says of a model, which is not loaded for it. Raises WorkerError."""
        file = Path(trained.folder, RUN_FILE)
        key = _key(msgspec.structs.replace(trained, weights="", agreed=(), device=""), file)
        return _kept(self._known, key, lambda: Known(trained))

    def loaded(self, trained: Trained) -> Loaded:
        """The model with its weights; the last few are kept. Raises WorkerError."""
        weights = Path(trained.weights)
        if not weights.exists():
            raise WorkerError(Text("{file} is not there any more.", {"file": trained.weights}))
        found = _kept(self._loaded, _key(trained, weights), lambda: Loaded(trained))
        found.trained = trained
        return found

    def chosen(self, known: Known, on: On) -> Chosen:
        """Raises DataError: data that is gone, or does not fit; a part without a sample."""
        source, notes = self._source(known, on)
        return Chosen(known, source, on, notes)

    def samples(self, loaded: Loaded, on: On) -> Samples:
        """The same as the model takes them. Raises DataError."""
        source, notes = self._source(loaded, on)
        return Samples(loaded, source, on, notes)

    def one(self, loaded: Loaded, sample: OneSample) -> Arrays:
        """A sample as the model takes it: by input, shape (1, *input). Raises DataError."""
        if not sample.values:
            if sample.on is None:
                raise DataError(Text("No sample is chosen."))
            return self.samples(loaded, sample.on).inputs_at(sample.row)
        kept = self.kept(loaded)
        if loaded.spec.data.windows is not None:
            raise DataError(Text("A sample of this model is a window of rows: choose one by its number."))
        inputs = {name for one in loaded.inputs for name in require_columns(loaded, one.name)}
        columns = {name: column for name, column in kept.columns.items() if name in inputs}
        values = {**self._of_row(loaded, sample, columns), **sample.values}
        source = taught(GivenSource(columns, values), loaded.spec.data, kept)
        arrays: Arrays = {}
        for one in loaded.inputs:
            fitted = fit(source, require_columns(loaded, one.name), one)
            if not source.shape(fitted.columns[0])[0]:
                raise DataError(Text("A value is missing: in training such samples were left out."))
            arrays[one.name] = fitted.take(source, range(1), check=True)
        return arrays

    def _of_row(self, known: Known, sample: OneSample, columns: Mapping[str, KeptColumn]) -> dict[str, GivenValue]:
        """What the row of a sample has in the columns that nobody has given."""
        missing = [name for name in columns if name not in sample.values]
        if sample.on is None or not missing:
            return {}
        chosen = self.chosen(known, sample.on)
        chosen.require(sample.row)
        row, raw = int(as_array(chosen.rows)[sample.row]), chosen.source.raw()
        return {name: given_value(raw, name, row) for name in missing}

    def kept(self, known: Known) -> KeptData:
        """What the run kept of its data; of an older run it is worked out again. Raises DataError."""
        if known.data is None:
            if known.made_by_code:
                known.worked_out = KeptData({})
            else:
                source = self._prepared(known)
                known.worked_out = kept_of(source, known.spec, parts_of(source, known.spec))
        assert known.data is not None
        return known.data

    def _source(self, known: Known, on: On) -> tuple[Source, tuple[Text, ...]]:
        """All samples behind the steps, which know what they learnt in training, and what people should know."""
        if on.other is not None:
            return self._taught(known, self._other.as_it_comes(on.other)), ()
        self.kept(known)
        source = self._prepared(known)
        notes = self._changes(known, source)
        if notes and known.kept is not None:  # what steps would learn of it now is not what the model was trained with
            source = self._taught(known, self._own.as_it_comes(known.spec.data))
        return source, notes

    def _taught(self, known: Known, base: Source) -> Source:
        if base.fed_as_it_is:
            raise DataError(Text("Data that code makes has no samples to choose from: choose a file in its place."))
        if known.taught is None or known.taught[0] is not base:
            known.taught = (base, taught(base, known.prepared_as, self.kept(known)))
        return known.taught[1]

    def _prepared(self, known: Known) -> Source:
        data = known.spec.data
        if known.made_by_code:
            raise DataError(
                Text("The data of this run is made by code as it trains: choose a file to evaluate on, in its place.")
            )
        how = Preparing(split_of(known.spec.training.by_key()), truths_of(known.spec))
        return windowed(self._own.prepared(data, how, is_waited_for), data.windows)

    def _changes(self, known: Known, source: Source) -> tuple[Text, ...]:
        """What people should know: the data is not what the run trained on."""
        if known.kept is None or not known.kept.fingerprint:
            changed = changed_since(known.spec.data, known.spec.data_stamps)
            return (_CHANGED,) if changed else ()
        raw = before_steps(source)
        names = bound_columns(known.spec, raw)
        same = remembered(raw, ("fingerprint", names), lambda: fingerprint(raw, names)) == known.kept.fingerprint
        return () if same else (_CHANGED,)


_CHANGED: Final = Text("The data has changed since the run trained on it: what is a sample of which part may be other.")


def _key(trained: Trained, file: Path) -> _Key:
    """Stands for a model in the state in which `file` is; how many samples it is asked about at once is no part."""
    try:
        time = file.stat().st_mtime_ns
    except OSError:
        time = 0  # reading it says what is wrong
    return msgspec.msgpack.encode(msgspec.structs.replace(trained, batch_size=0)), time


def _kept(known: OrderedDict[_Key, _Made], key: _Key, make: Callable[[], _Made]) -> _Made:
    """The last few; what making one raises is not kept."""
    if key not in known:
        known[key] = make()
        while len(known) > _KEPT:
            known.popitem(last=False)
    known.move_to_end(key)
    return known[key]
