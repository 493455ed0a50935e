"""What a run was, in words: its state, its settings, what differs between runs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from app.panels.plots.formats import count_text, value_text
from graph_editor.catalog.catalog import Catalog
from resources.text import Text, tr
from resources.training.metric_logs import LOSS, VALIDATION
from resources.training.registry import applying
from resources.training.sections import OPTIMIZER_TITLE
from resources.training.setting import Section
from resources.training.settings.device import SETTING as DEVICE
from resources.training.settings.epochs import SETTING as EPOCHS
from resources.training.settings.learning_rate import SETTING as LEARNING_RATE
from runtime.callback_specs import MONITOR, callback_specs
from runtime.data_kinds import source_title
from runtime.spec import KerasObject, RunSpec, TrainingSettings
from runtime.store import IMPORTED, RunInfo, Status

RATE = LEARNING_RATE.key
RateChanges = Sequence[tuple[int, float]]  # (steps done, value)
_MOST_CHANGES = 3
Look = Literal["ok", "live", "warning", "error", "dim"]

STATUS_TEXTS: Mapping[Status, Text] = {
    "running": Text("running"),
    "completed": Text("finished"),
    "stopped": Text("stopped"),
    "early_stopped": Text("stopped early"),
    "failed": Text("failed"),
    "interrupted": Text("interrupted"),
    "elsewhere": Text("on another machine"),
    "damaged": Text("damaged"),
    "imported": Text("imported"),
}
STATUS_LOOKS: Mapping[Status, Look] = {
    "running": "live",
    "completed": "ok",
    "stopped": "warning",
    "early_stopped": "ok",
    "failed": "error",
    "interrupted": "error",
    "elsewhere": "warning",
    "damaged": "dim",
    "imported": "dim",
}


def started_text(created: float) -> str:
    """The local time of day today, the day otherwise."""
    then, now = datetime.fromtimestamp(created), datetime.now()
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M}"


def epochs_text(info: RunInfo) -> str:
    if info.status == IMPORTED:  # nobody knows how many there were to be
        return str(info.result.epochs_done) if info.result.epochs_done else "–"
    return f"{info.result.epochs_done} / {info.spec.training[EPOCHS]}"


def best_text(info: RunInfo) -> str:
    """The best values of a run; it says so where its loss was never a number."""
    best = {name: value for name, value in info.result.best.items() if value is not None}
    words = {name: value_text(best[name]) for name in best_names(best)}
    seen = {*best, *info.result.metrics}
    loss = next((name for name in (VALIDATION + LOSS, LOSS) if name in seen), None)
    if loss is not None and loss not in best:
        words = {loss: tr("never a number"), **words}
    return " · ".join(f"{name} {value}" for name, value in words.items())


def best_in_training(run: RunInfo) -> str:
    """Each value at its own best epoch: weights that are chosen may have others."""
    text = best_text(run)
    return tr("best in training: {values}", values=text) if text else ""


def best_names(best: Collection[str]) -> list[str]:
    """The names that tell most: of validation, where there was one, its loss and two measures at most."""
    names = [name for name in best if name.startswith(VALIDATION)] or list(best)
    losses = [name for name in names if name.removeprefix(VALIDATION) == LOSS]
    parts = [name for name in names if name not in losses and name.endswith(f"_{LOSS}")]  # of single outputs
    measures = [name for name in names if name not in losses and name not in parts]
    return [*losses, *measures, *parts][:3]


def optimizer_rate(optimizer: KerasObject, catalog: Catalog) -> float | None:
    """The learning rate at the start, also where it is the optimizer's default; None for a schedule."""
    spec = catalog.object("optimizers", optimizer.class_name)
    value = optimizer.config.get(RATE, spec.config.get(RATE) if spec else None)
    return float(value) if isinstance(value, int | float) else None


def rate_text(optimizer: KerasObject, catalog: Catalog, changes: RateChanges) -> str:
    """ "0.001, then 0.01 at step 300"."""
    rate, words = optimizer_rate(optimizer, catalog), []
    schedule = optimizer.config.get(RATE)
    if rate is not None:
        words.append(f"{rate:g}")
    elif isinstance(schedule, Mapping):
        words.append(str(schedule.get("class_name") or tr("schedule")))
    for step, value in changes[:_MOST_CHANGES]:
        words.append(tr("then {value} at step {step}", value=f"{value:.4g}", step=count_text(step)))
    return ", ".join([*words, "…"] if len(changes) > _MOST_CHANGES else words)


def best_monitor(spec: RunSpec) -> str:
    """Return what the best checkpoint of a run watched."""
    return str(spec.training.callbacks.get("best_checkpoint", {}).get(MONITOR) or VALIDATION + LOSS)


def settings_of(info: RunInfo, catalog: Catalog, changes: RateChanges = ()) -> dict[str, str]:
    """Everything that was set, by its name for people; `changes` of the learning rate while it ran.

    Nothing is known of what another program was told.
    """
    if info.status == IMPORTED:
        return {}
    training, data = info.spec.training, info.spec.data
    others = {name: value for name, value in training.optimizer.config.items() if name != RATE}
    settings = {
        str(OPTIMIZER_TITLE): object_text(KerasObject(training.optimizer.class_name, others)),
        str(LEARNING_RATE.title): rate_text(training.optimizer, catalog, changes),
        **setting_texts(training, "training"),
    }
    if info.result.device:
        settings[str(DEVICE.title)] = info.result.device
    for output in training.outputs:
        settings[tr("loss of {output}", output=info.spec.title(output.name))] = object_text(output.loss)
        if output.metrics:
            words = ", ".join(object_text(metric) for metric in output.metrics)
            settings[tr("metrics of {output}", output=info.spec.title(output.name))] = words
        if len(training.outputs) > 1:
            settings[tr("weight of {output}", output=info.spec.title(output.name))] = f"{output.weight:g}"
    titles = {spec.key: str(spec.title) for spec in callback_specs()}
    for key, values in training.callbacks.items():
        words = ", ".join(f"{name} {value}" for name, value in values.items())
        settings[titles.get(key, key)] = words or tr("on")
    settings[tr("data")] = " + ".join(source_title(source) for source in data.sources)
    settings |= setting_texts(training, "data")
    if info.result.parameters:
        settings[tr("parameters")] = count_text(info.result.parameters)
    return settings


def setting_texts(training: TrainingSettings, section: Section) -> dict[str, str]:
    """Each setting of one section of a project that does something in this run, in words."""
    found = [setting for setting in applying(training.by_key()) if setting.section == section]
    return {str(setting.title): setting.text_of(training[setting]) for setting in found}


def results_of(info: RunInfo) -> dict[str, str]:
    """The metrics of the last epoch."""
    return {name: value_text(value) for name, value in info.result.metrics.items()}


def differences(
    infos: Sequence[RunInfo], catalog: Catalog, changes: Mapping[Path, RateChanges] = {}
) -> list[tuple[str, list[str]]]:
    """Settings in which the runs differ, with the value of each run, in their order.

    What was trained elsewhere differs in none: its settings are not known.
    """
    all_settings = [settings_of(info, catalog, changes.get(info.folder, ())) for info in infos]
    names = list(dict.fromkeys(name for settings in all_settings for name in settings))
    rows = [(name, [settings.get(name, "–") for settings in all_settings]) for name in names]
    known = [place for place, info in enumerate(infos) if info.status != IMPORTED]
    return [(name, values) for name, values in rows if len({values[place] for place in known}) > 1]


def object_text(value: KerasObject) -> str:
    arguments = ", ".join(f"{name} {argument}" for name, argument in value.config.items() if name != "name")
    return f"{value.class_name} ({arguments})" if arguments else value.class_name
