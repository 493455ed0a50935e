"""What questions about trained models have in common. Each kind of question has a file in `answers/`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from resources.text import Text
from runtime.evaluation.kept_data import KeptColumn, KeptData
from runtime.messages.preparing import Preparing
from runtime.messages.trained import GivenValue, On, OneSample, Trained
from runtime.splits import split_of
from runtime.worker.data.fitting import fit
from runtime.worker.data.keeping.given import GivenSource
from runtime.worker.data.keeping.kept_facts import bound_columns, fingerprint, kept_of, parts_of
from runtime.worker.data.keeping.taught import taught
from runtime.worker.data.opening import Sources
from runtime.worker.data.remembered import remembered
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.split import as_array, truths_of
from runtime.worker.data.stamps import changed_since
from runtime.worker.data.windowed import WindowedSource, windowed
from runtime.worker.evaluation.loaded import Arrays, Loaded
from runtime.worker.evaluation.measuring.kept import KeptEvaluations
from runtime.worker.evaluation.samples import Samples
from runtime.worker.evaluation.trying.shown import given_value
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import is_waited_for

_KEPT: Final = 4  # models at once


class Evaluator:
    """Keeps what questions have in common: models that are loaded, data that is open. Lives on the thread of Keras."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[tuple[object, ...], Loaded] = OrderedDict()
        self._own, self._other = Sources(), Sources()
        self.evaluations = KeptEvaluations()

    def loaded(self, trained: Trained) -> Loaded:
        """The model with its weights; the last few are kept. Raises WorkerError."""
        key = (trained.folder, trained.weights, trained.device, trained.spec, _time(trained.weights), trained.agreed)
        found = self._loaded.get(key) if _hashable(key) else None
        if found is None:
            found = Loaded(trained)
            if _hashable(key):
                self._loaded[key] = found
            while len(self._loaded) > _KEPT:
                self._loaded.popitem(last=False)
        elif _hashable(key):
            self._loaded.move_to_end(key)
        found.trained = trained
        return found

    def samples(self, loaded: Loaded, on: On) -> Samples:
        """Raises DataError: data that is gone, or does not fit; a part without a sample."""
        if on.other is not None:
            base = self._other.as_it_comes(on.other)
            return Samples(loaded, taught(base, loaded.spec.data, self.kept(loaded)), on)
        samples = Samples(loaded, self._prepared(loaded), on)
        samples.notes = self._changes(loaded, samples.source)
        return samples

    def one(self, loaded: Loaded, sample: OneSample) -> Arrays:
        """A sample as the model takes it: by input, shape (1, *input). Raises DataError."""
        if not sample.values:
            if sample.on is None:
                raise DataError(Text("No sample is chosen."))
            return self.samples(loaded, sample.on).take([sample.row])[0]
        kept = self.kept(loaded)
        if loaded.spec.data.windows is not None:
            raise DataError(Text("A sample of this model is a window of rows: choose one by its number."))
        inputs = {name for one in loaded.inputs for name in self._bound(loaded, one.name)}
        columns = {name: column for name, column in kept.columns.items() if name in inputs}
        values = {**self._of_row(loaded, sample, columns), **sample.values}
        source = taught(GivenSource(columns, values), loaded.spec.data, kept)
        arrays: Arrays = {}
        for one in loaded.inputs:
            fitted = fit(source, self._bound(loaded, one.name), one)
            arrays[one.name] = fitted.take(source, range(1), check=True)
        return arrays

    def _of_row(self, loaded: Loaded, sample: OneSample, columns: Mapping[str, KeptColumn]) -> dict[str, GivenValue]:
        """What the row of a sample has in the columns that nobody has given."""
        missing = [name for name in columns if name not in sample.values]
        if sample.on is None or not missing:
            return {}
        samples = self.samples(loaded, sample.on)
        row, raw = int(as_array(samples.rows)[sample.row]), samples.source.raw()
        return {name: given_value(raw, name, row) for name in missing}

    def kept(self, loaded: Loaded) -> KeptData:
        """What the run kept of its data; of an older run it is worked out again. Raises DataError."""
        if loaded.kept is None:
            source = self._prepared(loaded)
            loaded.kept = kept_of(source, loaded.spec, parts_of(source, loaded.spec))
        return loaded.kept

    def _prepared(self, loaded: Loaded) -> Source:
        data = loaded.spec.data
        how = Preparing(split_of(loaded.spec.training.by_key()), truths_of(loaded.spec))
        source = self._own.prepared(data, how, is_waited_for)
        if source.fed_as_it_is:
            raise DataError(
                Text("The data of this run is made by code as it trains: choose a file to evaluate on, in its place.")
            )
        return windowed(source, data.windows)

    def _changes(self, loaded: Loaded, source: Source) -> tuple[Text, ...]:
        """What people should know: the data is not what the run trained on."""
        if loaded.kept is None or not loaded.kept.fingerprint:
            changed = changed_since(loaded.spec.data, loaded.spec.data_stamps)
            return (_CHANGED,) if changed else ()
        raw = (source.rows if isinstance(source, WindowedSource) else source).raw()
        names = bound_columns(loaded.spec, raw)
        same = remembered(raw, ("fingerprint", names), lambda: fingerprint(raw, names)) == loaded.kept.fingerprint
        return () if same else (_CHANGED,)

    @staticmethod
    def _bound(loaded: Loaded, target: str) -> tuple[str, ...]:
        binding = loaded.spec.binding(target)
        if binding is None:
            raise DataError(Text("The input {name} has no data.", {"name": loaded.title(target)}))
        return binding.columns


_CHANGED: Final = Text("The data has changed since the run trained on it: what is a sample of which part may be other.")


def _time(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError as error:
        raise WorkerError(Text("{file} is not there any more.", {"file": path})) from error


def _hashable(key: tuple[object, ...]) -> bool:
    try:
        hash(key)
    except TypeError:  # a spec has dicts in it
        return False
    return True
