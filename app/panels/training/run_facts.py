"""What a run was, in words: its state, its settings, what differs between runs. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from app.panels.plots.formats import count_text, value_text
from resources.text import Text, tr
from runtime.callback_specs import callback_specs
from runtime.metric_names import higher_is_better
from runtime.spec import KerasObject, TrainingSettings
from runtime.store import RunInfo, Status

Look = Literal["ok", "live", "warning", "error"]

STATUS_TEXTS: Mapping[Status, Text] = {
    "running": Text("running"),
    "completed": Text("finished"),
    "stopped": Text("stopped"),
    "early_stopped": Text("stopped early"),
    "failed": Text("failed"),
    "interrupted": Text("interrupted"),
}
STATUS_LOOKS: Mapping[Status, Look] = {
    "running": "live",
    "completed": "ok",
    "stopped": "warning",
    "early_stopped": "ok",
    "failed": "error",
    "interrupted": "error",
}


def started_text(created: float) -> str:
    """The local time of day today, the day otherwise."""
    then, now = datetime.fromtimestamp(created), datetime.now()
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M}"


def epochs_text(info: RunInfo) -> str:
    return f"{info.result.epochs_done} / {info.spec.training.epochs}"


def best_text(info: RunInfo) -> str:
    """The best values of validation, where there was one: its loss and two measures at most."""
    best = {name: value for name, value in (info.result.best or info.result.metrics).items() if value is not None}
    validated = [name for name in best if name.startswith("val_")]
    names = validated or list(best)
    losses = [name for name in names if name.removeprefix("val_") == "loss"]
    measures = [name for name in names if higher_is_better(name)]
    told = [*losses, *measures][:3] or names[:3]
    return " · ".join(f"{name} {value_text(best[name])}" for name in told)


def settings_of(info: RunInfo) -> dict[str, str]:
    """Everything that was set, by its name for people."""
    training, data = info.spec.training, info.spec.data
    found = {
        tr("optimizer"): object_text(training.optimizer),
        tr("batch size"): str(training.batch_size),
        tr("epochs"): str(training.epochs),
        tr("seed"): tr("none") if training.seed is None else str(training.seed),
        tr("device"): info.result.device or training.device,
    }
    for output in training.outputs:
        found[tr("loss of {output}", output=output.name)] = object_text(output.loss)
        if output.metrics:
            words = ", ".join(object_text(metric) for metric in output.metrics)
            found[tr("metrics of {output}", output=output.name)] = words
        if len(training.outputs) > 1:
            found[tr("weight of {output}", output=output.name)] = f"{output.weight:g}"
    titles = {spec.key: str(spec.title) for spec in callback_specs()}
    for key, values in training.callbacks.items():
        words = ", ".join(f"{name} {value}" for name, value in values.items())
        found[titles.get(key, key)] = words or tr("on")
    found[tr("data")] = tr("random") if data.kind == "random" else Path(data.path).name
    found[tr("validation")] = tr("the last {percent} %", percent=f"{training.validation_percent:g}")
    found[tr("shuffle")] = tr("every epoch") if training.shuffle else tr("never")
    if info.result.parameters:
        found[tr("parameters")] = count_text(info.result.parameters)
    return found


def results_of(info: RunInfo) -> dict[str, str]:
    """The metrics of the last epoch."""
    return {name: value_text(value) for name, value in info.result.metrics.items()}


def differences(infos: Sequence[RunInfo]) -> list[tuple[str, list[str]]]:
    """Settings in which the runs differ, with the value of each run, in their order."""
    all_settings = [settings_of(info) for info in infos]
    names = list(dict.fromkeys(name for settings in all_settings for name in settings))
    rows = [(name, [settings.get(name, "–") for settings in all_settings]) for name in names]
    return [(name, values) for name, values in rows if len(set(values)) > 1]


def object_text(value: KerasObject) -> str:
    arguments = ", ".join(f"{name} {argument}" for name, argument in value.config.items() if name != "name")
    return f"{value.class_name} ({arguments})" if arguments else value.class_name


def training_section(settings: TrainingSettings) -> dict[str, Any]:
    """The settings of a run as a project writes them."""

    def json(value: KerasObject) -> dict[str, Any]:
        return {"class_name": value.class_name, "config": copy.deepcopy(value.config)}

    return {
        "device": settings.device,
        "optimizer": json(settings.optimizer),
        "batch_size": settings.batch_size,
        "epochs": settings.epochs,
        "seed": settings.seed,
        "outputs": {
            output.name: {
                "loss": json(output.loss),
                "metrics": [json(metric) for metric in output.metrics],
                "weight": output.weight,
            }
            for output in settings.outputs
        },
        "callbacks": copy.deepcopy(settings.callbacks),
    }
