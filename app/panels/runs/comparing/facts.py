"""What is known of runs as values that can be compared, plotted and written: settings, data, graph, figures. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from app.panels.plots.formats import duration_text, value_text
from app.panels.run_parts.run_facts import STATUS_TEXTS, optimizer_rate, settings_of
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.comparing.graph_diff import NOTHING, flat
from resources.csv_cells import Cell
from resources.text import Text, tr
from resources.training.registry import applying
from resources.training.setting import Section
from resources.training.settings.learning_rate import SETTING as LEARNING_RATE
from runtime.data_kinds import source_title
from runtime.store import IMPORTED, RunInfo
from runtime.tracking.format import Table

Group = Literal["run", "setting", "data", "graph", "metric"]
GROUPS: Final[Mapping[Group, Text]] = {
    "run": Text("Run"),
    "setting": Text("Settings"),
    "data": Text("Data"),
    "graph": Text("Graph"),
    "metric": Text("Figures"),
}
Layers = Mapping[str, Mapping[str, str]]  # parameters by their paths, by the names of layers; the class is ""
_MOST_LAYERS: Final = 5000
UNKNOWN: Final = ""  # of what another program was told; unlike `NOTHING`, which is known to be nothing
_OF_NO_LAYER: Final = ("name", "dtype.module", "dtype.registered_name")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a run: in words, and as a number where it is one."""

    group: Group
    title: str
    text: str
    number: float | None = None
    better: Literal["min", "max"] | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The facts of a run by keys, which are the same for the same thing of other runs. `layers`: of the graph."""

    folder: Path
    number: int
    name: str
    facts: Mapping[str, Fact]
    layers: Layers
    imported: bool = False

    @property
    def title(self) -> str:
        return tr("run {number}", number=self.number)


def facts_of(run: RunInfo, catalog: Catalog, known: MutableMapping[bytes, Layers] | None = None) -> RunFacts:
    """`known` keeps the layers of models that were looked at: many runs have the same one."""
    found: dict[str, Fact] = {}
    if run.status != IMPORTED:
        found |= _settings(run, catalog)
    found["status"] = Fact("run", tr("Status"), str(STATUS_TEXTS[run.status]))
    found["epochs_done"] = Fact("run", tr("Epochs done"), str(run.result.epochs_done), float(run.result.epochs_done))
    if run.result.seconds:
        found["seconds"] = Fact("run", tr("Duration"), duration_text(run.result.seconds), run.result.seconds)
    found |= dict(_figures(run))
    return RunFacts(run.folder, run.number, run.name, found, _layers_of(run.spec.model, known), run.status == IMPORTED)


def _settings(run: RunInfo, catalog: Catalog) -> dict[str, Fact]:
    training = run.spec.training
    numbers: dict[str, Any] = {
        str(setting.title): training[setting]
        for setting in applying(training.by_key())
        if _is_number(training[setting])
    }
    numbers[str(LEARNING_RATE.title)] = optimizer_rate(training.optimizer, catalog)
    data = {str(s.title) for s in applying(training.by_key()) if s.section == _DATA} | {tr("data")}
    found: dict[str, Fact] = {}
    for title, text in settings_of(run, catalog).items():
        value = numbers.get(title)
        group: Group = "data" if title in data else "setting"
        found[f"{group}.{title}"] = Fact(group, title, text, None if value is None else float(value))
    for name, value in training.optimizer.config.items():
        if _is_number(value) and name != LEARNING_RATE.key:
            title = f"{training.optimizer.class_name} {name}"
            found[f"setting.{title}"] = Fact("setting", title, f"{value:g}", float(value))
    if run.result.parameters:
        title = tr("parameters")
        found[f"setting.{title}"] = Fact("graph", title, f"{run.result.parameters:,}", float(run.result.parameters))
    columns = ", ".join(f"{b.target}: {' + '.join(b.columns)}" for b in run.spec.bindings)
    if columns:
        found["data.columns"] = Fact("data", tr("columns"), columns)
    for number, source in enumerate(run.spec.data.sources, 1):
        title = tr("data file") if number == 1 else tr("data file {number}", number=number)
        found[f"data.path.{number}"] = Fact("data", title, source.path or source_title(source))
    for number, stamp in enumerate(run.spec.data_stamps, 1):
        title = tr("state of the data") if number == 1 else tr("state of the data {number}", number=number)
        found[f"data.stamp.{number}"] = Fact("data", title, stamp[:12])
    return found


_DATA: Final[Section] = "data"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _figures(run: RunInfo) -> Iterator[tuple[str, Fact]]:
    for name, value in run.result.best.items():
        if value is not None:
            better = run.result.directions.get(name.removeprefix("val_"))
            title = tr("best {metric}", metric=name)
            yield f"best.{name}", Fact("metric", title, value_text(value), float(value), better)
    for name, value in run.result.metrics.items():
        better = run.result.directions.get(name.removeprefix("val_"))
        number = None if value is None else float(value)
        yield f"last.{name}", Fact("metric", tr("last {metric}", metric=name), value_text(value), number, better)


def _layers_of(model: Any, known: MutableMapping[bytes, Layers] | None) -> Layers:
    if known is None:
        return dict(_layers(model))
    digest = hashlib.sha256(msgspec.json.encode(model)).digest()
    if digest not in known:
        known[digest] = dict(_layers(model))
    return known[digest]


def _layers(model: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The layers of a run's model by their names: class and parameters."""
    config = model.get("config") if isinstance(model, Mapping) else None
    layers = config.get("layers") if isinstance(config, Mapping) else None
    for layer in layers[:_MOST_LAYERS] if isinstance(layers, list) else ():
        if isinstance(layer, Mapping) and isinstance(layer.get("config"), Mapping):
            values = {key: value for key, value in flat(layer["config"]) if key not in _OF_NO_LAYER}
            name = str(layer["config"].get("name") or layer.get("name") or len(values))
            yield name, {"": str(layer.get("class_name", "")), **values}


# what differs


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of several runs. `best` are the places of the runs that have the best value."""

    key: str
    group: Group
    title: str
    texts: tuple[str, ...]
    numbers: tuple[float | None, ...]
    best: frozenset[int] = frozenset()
    differs: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "differs", len({text for text in self.texts if text != UNKNOWN}) > 1)


def rows_of(runs: Sequence[RunFacts]) -> list[Row]:
    """Every fact of the runs, group by group; of the graphs, the layers and parameters that differ."""
    keys: dict[str, Fact] = {}
    for run in runs:
        for key, fact in run.facts.items():
            keys.setdefault(key, fact)
    rows = [_row(key, fact, runs) for key, fact in keys.items()]
    rows += _layer_rows(runs)
    order = list(GROUPS)
    return sorted(rows, key=lambda row: order.index(row.group))


def _row(key: str, like: Fact, runs: Sequence[RunFacts]) -> Row:
    facts = [run.facts.get(key) for run in runs]
    texts = tuple(
        fact.text if fact is not None else UNKNOWN if run.imported else NOTHING
        for run, fact in zip(runs, facts, strict=True)
    )
    numbers = tuple(fact.number if fact is not None else None for fact in facts)
    better = next((fact.better for fact in facts if fact is not None and fact.better), None)
    return Row(key, like.group, like.title, texts, numbers, _best(numbers, better))


def _best(numbers: Sequence[float | None], better: str | None) -> frozenset[int]:
    """Nobody is best where all are the same, or nobody knows what is better."""
    known = [number for number in numbers if number is not None and number == number]
    if better is None or len(set(known)) < 2:
        return frozenset()
    best = min(known) if better == "min" else max(known)
    return frozenset(place for place, number in enumerate(numbers) if number == best)


def _layer_rows(runs: Sequence[RunFacts]) -> list[Row]:
    with_graph = [run for run in runs if run.layers]
    if len(with_graph) < 2:
        return []
    rows = []
    for name in dict.fromkeys(name for run in with_graph for name in run.layers):
        layers = [run.layers.get(name) for run in runs]
        present = [layer for layer in layers if layer is not None]
        parameters = dict.fromkeys(key for layer in present for key in layer)
        for parameter in parameters if len(present) == len(with_graph) else ("",):
            texts = tuple(
                layer.get(parameter, NOTHING) if layer is not None else NOTHING if run.layers else UNKNOWN
                for run, layer in zip(runs, layers, strict=True)
            )
            if len({text for text, run in zip(texts, runs, strict=True) if run.layers}) > 1:
                title = f"{name} · {parameter}" if parameter else name
                rows.append(Row(f"graph.{name}.{parameter}", "graph", title, texts, _numbers_of(texts)))
    return rows


def _numbers_of(texts: Sequence[str]) -> tuple[float | None, ...]:
    """The values of a parameter as numbers, where all that is known are numbers."""
    try:
        return tuple(None if text in (UNKNOWN, NOTHING) else float(text) for text in texts)
    except ValueError:
        return (None,) * len(texts)


def table_of(runs: Sequence[RunFacts]) -> Table:
    """A row for each run: its facts as columns, numbers as numbers."""
    keys: dict[str, Fact] = {}
    for run in runs:
        for key, fact in run.facts.items():
            keys.setdefault(key, fact)
    order = list(GROUPS)
    columns = sorted(keys, key=lambda key: order.index(keys[key].group))

    def cell(run: RunFacts, key: str) -> Cell:
        fact = run.facts.get(key)
        return None if fact is None else fact.text if fact.number is None else fact.number

    titles = ("run", "name", "folder", *(keys[key].title for key in columns))
    rows = tuple((run.number, run.name, run.folder.name, *(cell(run, key) for key in columns)) for run in runs)
    return Table(titles, rows)
