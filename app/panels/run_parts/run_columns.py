"""What can stand in the columns of the list of runs: what is known of a run, its settings, its metrics. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from app.panels.plots.formats import count_text, duration_text, value_text
from app.panels.run_parts.run_facts import (
    STATUS_TEXTS,
    best_names,
    best_text,
    epochs_text,
    object_text,
    optimizer_rate,
    rate_text,
    started_text,
)
from app.panels.run_parts.sizes import size_text
from graph_editor.catalog.catalog import Catalog
from resources.text import Text, tr
from resources.training.registry import settings_in
from resources.training.sections import OPTIMIZER_TITLE
from resources.training.settings.device import SETTING as DEVICE
from resources.training.settings.learning_rate import SETTING as LEARNING_RATE
from runtime.data_kinds import source_title
from runtime.spec import KerasObject
from runtime.store import IMPORTED
from runtime.tracking.filtering import Fields, Get, Value
from runtime.tracking.run_index import TrackedRun

Group = Literal["run", "setting", "metric"]
GROUPS: Final[Mapping[Group, Text]] = {
    "run": Text("Run"), "setting": Text("Settings"), "metric": Text("Figures"),
}  # fmt: skip
DEFAULT: Final = ("number", "name", "status", "created", "seconds", "epochs_done", "best", "device", "tags", "size")
_NOTHING: Final = "–"
_OF_DAMAGED: Final = ("number", "name", "status", "tags", "group", "note", "size")
_OF_IMPORTED: Final = ("initial_weights", "parameters")  # among the settings, what may be known all the same


@dataclass(frozen=True, slots=True)
class RunColumn:
    """`value` is what is sorted and filtered by: a number, a text, several words, None for nothing."""

    key: str
    title: str
    group: Group
    value: Callable[[TrackedRun], Value]
    text: Callable[[TrackedRun], str]
    number: bool = False

    def text_of(self, run: TrackedRun) -> str:
        if run.info.status == "damaged" and self.key not in _OF_DAMAGED:
            return ""  # nothing else is known of it
        return self.text(run)

    def value_of(self, run: TrackedRun) -> Value:
        if run.info.status == "damaged" and self.key not in _OF_DAMAGED:
            return None
        return self.value(run)


class RunColumns:
    """All columns that the runs have something for, by key, in the order in which they are offered."""

    def __init__(self, runs: Iterable[TrackedRun], catalog: Catalog) -> None:
        listed = [run for run in runs if run.info.status != "damaged"]
        columns = [*_of_run(), *_of_settings(listed, catalog), *_of_metrics(listed)]
        self.by_key: dict[str, RunColumn] = {column.key: column for column in columns}
        self._by_word = {column.title.casefold(): column for column in reversed(columns)}
        self._by_word |= {column.key.casefold(): column for column in columns}

    def get(self, key: str) -> RunColumn | None:
        return self.by_key.get(key)

    def find(self, word: str) -> RunColumn | None:
        """A column as a person calls it: by key or title; a metric's own name is its best value, or its last."""
        word = word.casefold()
        tried = (_ALIASES.get(word, word), f"best.{word}", f"last.{word}")
        return next((self._by_word[one] for one in tried if one in self._by_word), None)

    @property
    def fields(self) -> Fields:
        """What a filter asks."""
        return Fields(self._getter, _words)

    def _getter(self, word: str) -> Get | None:
        if word.casefold() == "is":
            return _is
        if word.casefold() == "status":
            return lambda run: (run.info.status, str(STATUS_TEXTS[run.info.status]))
        column = self.find(word)
        return column.value_of if column is not None else None


_ALIASES: Final = {
    "id": "number", "run": "number", "started": "created", "duration": "seconds", "time": "seconds", "tag": "tags",
    "disk": "size", "bytes": "size", "star": "starred", "lr": LEARNING_RATE.key, "params": "parameters",
}  # fmt: skip


def _is(run: TrackedRun) -> tuple[str, ...]:
    about = run.info.about
    words = (run.info.status, "starred" if about.starred else "", "archived" if about.archived else "")
    return (*(word for word in words if word), *(("finished",) if run.info.status == "completed" else ()))


def _words(run: TrackedRun) -> str:
    about = run.info.about
    return "\n".join((run.info.name, f"#{run.info.number}", about.group, about.note, *about.tags))


def _of_run() -> list[RunColumn]:
    def column(key: str, title: str, value: Get, text: Callable[[TrackedRun], str], number: bool = False) -> RunColumn:
        return RunColumn(key, title, "run", value, text, number)

    return [
        column("number", tr("Run"), lambda r: r.info.number, lambda r: str(r.info.number), True),
        column("name", tr("Name"), lambda r: r.info.name, lambda r: r.info.name),
        column("status", tr("Status"), lambda r: r.info.status, lambda r: str(STATUS_TEXTS[r.info.status])),
        column("created", tr("Started"), lambda r: r.info.created, lambda r: started_text(r.info.created)),
        column("seconds", tr("Duration"), lambda r: r.info.result.seconds or None, _duration, True),
        column("epochs_done", tr("Epochs"), lambda r: r.info.result.epochs_done, lambda r: epochs_text(r.info), True),
        column("best", tr("Best"), _best, lambda r: best_text(r.info)),
        column("device", tr("Device"), _device, lambda r: _device(r) or _NOTHING),
        column("tags", tr("Tags"), lambda r: r.info.about.tags, lambda r: ", ".join(r.info.about.tags)),
        column("group", tr("Group"), lambda r: r.info.about.group or None, lambda r: r.info.about.group),
        column("note", tr("Note"), lambda r: r.info.about.note or None, lambda r: " ".join(r.info.about.note.split())),
        column("starred", tr("Star"), lambda r: int(r.info.about.starred), lambda r: "★" * r.info.about.starred),
        column("size", tr("Disk use"), lambda r: r.size, lambda r: size_text(r.size), True),
    ]


def _duration(run: TrackedRun) -> str:
    return duration_text(run.info.result.seconds) if run.info.result.seconds else _NOTHING


def _best(run: TrackedRun) -> Value:
    best = {name: value for name, value in run.info.result.best.items() if value is not None}
    return next((best[name] for name in best_names(best)), None)


def _device(run: TrackedRun) -> str:
    return run.info.result.device or ("" if run.info.status == IMPORTED else str(run.info.spec.training[DEVICE]))


def _of_settings(runs: Sequence[TrackedRun], catalog: Catalog) -> list[RunColumn]:
    def column(key: str, title: str, value: Get, text: Callable[[TrackedRun], str], number: bool = False) -> RunColumn:
        return RunColumn(key, title, "setting", _known(key, value), _known_text(key, text), number)

    found = [
        column("optimizer", str(OPTIMIZER_TITLE), _optimizer, _optimizer),
        column(
            LEARNING_RATE.key, str(LEARNING_RATE.title), partial(_rate, catalog),
            lambda r: rate_text(r.info.spec.training.optimizer, catalog, ()), True,
        ),
    ]  # fmt: skip
    for setting in settings_in("training", "data"):
        if setting.key != DEVICE.key:
            get = partial(_setting, setting)
            text = partial(_setting_text, setting)
            found.append(column(setting.key, str(setting.title), get, text, setting.kind in ("int", "float")))
    names = {name for run in runs for name in run.info.spec.training.optimizer.config}
    for name in sorted(names - {"name", LEARNING_RATE.key}):
        get = partial(_argument, name)
        found.append(column(f"optimizer.{name}", f"{OPTIMIZER_TITLE} {name}", get, partial(_shown, get)))
    titles = {output: title for run in runs for output, title in run.info.spec.output_titles().items()}
    for output, title in titles.items():
        loss: Get = partial(_loss, output)
        found.append(column(f"loss.{output}", tr("loss of {output}", output=title), loss, partial(_shown, loss)))
    found.append(column("data", tr("data"), _data, _data))
    found.append(column("initial_weights", tr("started from"), _weights, partial(_shown, _weights)))
    found.append(
        column(
            "parameters", tr("parameters"), lambda r: r.info.result.parameters or None,
            lambda r: count_text(r.info.result.parameters) if r.info.result.parameters else _NOTHING, True,
        )
    )  # fmt: skip
    return found


def _known(key: str, value: Get) -> Get:
    """Nothing is known of what another program was told."""
    return lambda run: None if run.info.status == IMPORTED and key not in _OF_IMPORTED else value(run)


def _known_text(key: str, text: Callable[[TrackedRun], str]) -> Callable[[TrackedRun], str]:
    return lambda run: _NOTHING if run.info.status == IMPORTED and key not in _OF_IMPORTED else text(run)


def _optimizer(run: TrackedRun) -> str:
    return run.info.spec.training.optimizer.class_name


def _rate(catalog: Catalog, run: TrackedRun) -> float | None:
    return optimizer_rate(run.info.spec.training.optimizer, catalog)


def _setting(setting: Any, run: TrackedRun) -> Value:
    return _plain(run.info.spec.training[setting])


def _setting_text(setting: Any, run: TrackedRun) -> str:
    return str(setting.text_of(run.info.spec.training[setting]))


def _argument(name: str, run: TrackedRun) -> Value:
    return _plain(run.info.spec.training.optimizer.config.get(name))


def _loss(output: str, run: TrackedRun) -> str | None:
    losses: list[KerasObject] = [o.loss for o in run.info.spec.training.outputs if o.name == output]
    return object_text(losses[0]) if losses else None


def _data(run: TrackedRun) -> str:
    return " + ".join(source_title(source) for source in run.info.spec.data.sources)


def _weights(run: TrackedRun) -> str | None:
    path = run.info.spec.initial_weights
    return "/".join(path.replace("\\", "/").split("/")[-2:]) if path else None


def _plain(value: object) -> Value:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    return float(value) if isinstance(value, int | float) else str(value)


def _shown(get: Get, run: TrackedRun) -> str:
    value = get(run)
    return _NOTHING if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _of_metrics(runs: Sequence[TrackedRun]) -> list[RunColumn]:
    best = {name: None for run in runs for name in run.info.result.best}
    last = {name: None for run in runs for name in run.info.result.metrics}
    return [
        *(_metric(f"best.{name}", tr("best {metric}", metric=name), partial(_best_of, name)) for name in best),
        *(_metric(f"last.{name}", tr("last {metric}", metric=name), partial(_last_of, name)) for name in last),
    ]


def _metric(key: str, title: str, get: Callable[[TrackedRun], float | None]) -> RunColumn:
    return RunColumn(key, title, "metric", get, lambda run: value_text(get(run)), True)


def _best_of(name: str, run: TrackedRun) -> float | None:
    return run.info.result.best.get(name)


def _last_of(name: str, run: TrackedRun) -> float | None:
    return run.info.result.metrics.get(name)
