"""Under which names a run tells its losses and metrics, and whether the lowest or the highest value is the best.

What is better comes from Keras, class by class (`resources/catalog/metrics.json`), never from a name: an output may be
called "acceleration", and a metric of one's own "loss_rate". Names here are those of training; validation puts
"val_" before each.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from resources.text import Text

Json = Any
Direction = Literal["min", "max"]
Nest = Any  # output names as the model's outputs are nested: a name, or lists and dicts of them
Metric = tuple[str, Mapping[str, Json]]  # class name (or a short name) and arguments

LOSS: Final = "loss"
VALIDATION: Final = "val_"
WORDS: Final = ("accuracy", "acc")  # for which Keras takes the class that fits the shapes
_ACCURACY: Final = "accuracy"
_KEPT: Final = frozenset({"batch", "epoch", "learning_rate", "lr", "size"})  # Keras' callbacks write them themselves
_CATALOGUE: Final = Path(__file__).parent.parent / "catalog" / "metrics.json"


@dataclass(frozen=True, slots=True)
class KnownMetric:
    """What is known of a class of metrics: its name in logs when it is given none, and what is better."""

    logged: str
    direction: Direction | None


Find = Callable[[str], KnownMetric | None]


@dataclass(frozen=True, slots=True)
class Logged:
    """One number that a run tells. `direction` None: nobody says what is better.

    `output` is the name of its layer, None for the sum of losses. `metric` is the place among the metrics of the
    output, None for a loss. `sure`: a run will tell it under exactly this name. `known`: its class is.
    """

    name: str
    direction: Direction | None
    output: str | None = None
    metric: int | None = None
    sure: bool = True
    known: bool = True


def logged(nest: Nest, metrics: Mapping[str, Sequence[Metric]], find: Find) -> list[Logged]:
    """All that a run tells of a model with these outputs: the loss, the loss of each output, the metrics."""
    entries = [Logged(LOSS, "min")]
    for place in places(nest):
        if place.several:
            entries.append(Logged(f"{place.loss_path}_{LOSS}", "min", place.output))
        for index, metric in enumerate(metrics.get(place.output, ())):
            name, known = metric_name(metric, find), find(metric[0])
            sure = known is not None or "name" in metric[1] or metric[0] in WORDS
            direction = known.direction if known is not None else None
            entries.append(Logged(place.prefix + name, direction, place.output, index, sure, known is not None))
    return entries


@dataclass(frozen=True, slots=True)
class Place:
    """How Keras tells what is of one output: `prefix` stands before its metrics, `loss_path` before "_loss"."""

    output: str
    prefix: str
    loss_path: str
    several: bool


def places(nest: Nest) -> list[Place]:
    """The outputs in Keras' order. A flat dict of outputs is told by its keys, all else by names of layers."""
    leaves = list(_leaves(nest, ()))
    several = len(leaves) > 1
    flat = isinstance(nest, Mapping) and all(isinstance(value, str) for value in nest.values())
    return [
        Place(
            output,
            (f"{path[0] if flat else output}_" if several else ""),
            "/".join(str(part) for part in ((*path[:-1], output) if isinstance(path[-1], int) else path))
            if path
            else output,
            several,
        )
        for path, output in leaves
    ]


def _leaves(nest: Nest, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(nest, str):
        yield path, nest
    elif isinstance(nest, Mapping):
        for key in sorted(nest):
            yield from _leaves(nest[key], (*path, key))
    else:
        for index, item in enumerate(nest):
            yield from _leaves(item, (*path, index))


def read_metric(written: Json) -> Metric:
    """A metric as a project writes it; what cannot be read has no class."""
    if isinstance(written, str):
        return written, {}
    if not isinstance(written, Mapping):
        return "", {}
    class_name, config = written.get("class_name"), written.get("config")
    return str(class_name or ""), config if isinstance(config, Mapping) else {}


def metric_name(metric: Metric, find: Find) -> str:
    """The name of a metric in logs, without what is put before it where there are several outputs."""
    class_name, config = metric
    if class_name in WORDS:
        return class_name
    known = find(class_name)
    return str(config.get("name") or (known.logged if known else "") or identifier(class_name.rpartition(">")[2]))


def identifier(class_name: str) -> str:
    """Keras' snake_case name of a class: MeanAbsoluteError is mean_absolute_error, AUC is auc, R2Score is r2_score."""
    before_words = re.sub(r"(?<=.)(?=[A-Z][a-z])", "_", class_name)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", before_words).lower()


def keras_metric(name: str) -> KnownMetric | None:
    """A metric of Keras' own by class name or short name."""
    return _keras_metrics().get(_ACCURACY if name in WORDS else name)


@cache
def _keras_metrics() -> dict[str, KnownMetric]:
    content = json.loads(_CATALOGUE.read_bytes())
    found = {name: KnownMetric(identifier(name), None) for name in content["left_out"]}
    for entry in content["objects"]:
        known = KnownMetric(entry["logged"], entry.get("direction"))
        for name in (entry["class_name"], entry["identifier"], *entry.get("aliases", ())):
            found[name] = known
    return found


def directions(entries: Iterable[Logged]) -> dict[str, Direction]:
    """What is better, by name; without those of which nobody says it."""
    return {entry.name: entry.direction for entry in entries if entry.direction is not None}


def direction_of(monitor: str, known: Mapping[str, Direction]) -> Direction | None:
    """Which values of `monitor` are better, be it of training or of validation."""
    return known.get(monitor.removeprefix(VALIDATION))


def direction_words(direction: Direction) -> Text:
    return Text("lower is better") if direction == "min" else Text("higher is better")


def is_number(value: float) -> bool:
    """Whether a value can be the best: what is no number, or not finite, never is."""
    return math.isfinite(value)


def best_values(epochs: Iterable[Mapping[str, float]], known: Mapping[str, Direction]) -> dict[str, float]:
    """The best value of everything of which it is known what is better, over all epochs."""
    best: dict[str, float] = {}
    for logs in epochs:
        for name, value in logs.items():
            direction = direction_of(name, known)
            if direction is not None and is_number(value):
                choose = max if direction == "max" else min
                best[name] = choose(best.get(name, value), value)
    return best


@dataclass(frozen=True, slots=True)
class NameFault:
    """A name that would hide something else. `entry` is what should be called otherwise."""

    entry: Logged
    text: Text


def name_faults(entries: Sequence[Logged]) -> list[NameFault]:
    """What would be told under a name that is taken: by a loss, by the run itself, by validation, by another metric."""
    counted, losses = Counter(entry.name for entry in entries), {e.name for e in entries if e.metric is None}
    seen: set[str] = set()
    faults: list[NameFault] = []
    for entry in entries:
        text = _name_fault(entry, losses, entry.name in seen and counted[entry.name] > 1)
        seen.add(entry.name)
        if text is not None:
            faults.append(NameFault(entry, text))
    return faults


def _name_fault(entry: Logged, losses: set[str], repeated: bool) -> Text | None:
    output, name = entry.output or "", entry.name
    if name.startswith(VALIDATION):
        return Text(
            "Something of {output} would be told as {name}, which reads as a value of validation: use another name.",
            {"output": output, "name": name},
        )
    if entry.metric is None:
        return None
    if name in losses:
        return Text(
            "A metric of {output} would be told as {name}, in place of the loss: give it another name.",
            {"output": output, "name": name},
        )
    if name in _KEPT:
        return Text(
            "A metric of {output} is called {name}, which a run needs for itself: give it another name.",
            {"output": output, "name": name},
        )
    if repeated:
        return Text(
            "Two metrics would be told as {name}: give that of {output} another name.",
            {"output": output, "name": name},
        )
    return None
