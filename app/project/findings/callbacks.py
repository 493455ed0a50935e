"""What is wrong or odd with the callbacks of a project: before it is trained. Knows neither Qt nor Keras."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.logged import logged_by
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.document import Document
from graph_editor.document.edits import SetIn
from resources.text import Text
from resources.training.metric_logs import (
    LOSS,
    VALIDATION,
    Logged,
    direction_of,
    direction_words,
    directions,
)
from resources.training.sections import CALLBACKS
from resources.training.setting import SettingError
from runtime.callback_specs import AUTO, MODE, MONITOR, CallbackSpec, find_callback

Outputs = Mapping[str, Mapping[str, Any]]


def callback_problems(document: Document, catalog: Catalog, outputs: Outputs) -> list[Problem]:
    """`document` is what is built; `outputs` is what training says of each output, suggestions included."""
    written = document.training.get(CALLBACKS)
    if not isinstance(written, Mapping):
        return []
    entries = logged_by(document.graph, outputs, catalog)
    return [problem for key, values in written.items() for problem in _problems(str(key), values, written, entries)]


def _problems(key: str, values: Any, written: Mapping[str, Any], entries: Sequence[Logged]) -> Iterator[Problem]:
    spec = find_callback(key)
    if spec is None or not isinstance(values, Mapping):
        text = Text("There is no callback {name}.", {"name": key})
        if spec is not None:
            text = Text.of("The arguments of {callback} are no named values.", callback=spec.title)
        others = {other: value for other, value in written.items() if other != key}
        mend = Mend(Text("Switch {callback} off", {"callback": key}), (SetIn("training", (CALLBACKS,), others),))
        yield Problem("error", text, kind="training.callback", place=Text("callbacks"), mend=mend)
        return
    sound = True
    for name, value in values.items():
        try:
            spec.check({name: value})
        except SettingError as error:
            sound = False
            yield _problem(spec, error.text, "training.callback", _without(spec, values, name))
    if sound and spec.watches:
        yield from _monitor_problems(spec, values, entries)


def _without(spec: CallbackSpec, values: Mapping[str, Any], name: str) -> Mend:
    rest = {other: value for other, value in values.items() if other != name}
    parameter = spec.parameter(name)
    text = Text.of("Take {name} away from {callback}", name=name, callback=spec.title)
    if parameter is not None:
        default = parameter.as_setting(spec.title).text_of(parameter.default)
        text = Text.of("Set {name} of {callback} to {value}", name=name, callback=spec.title, value=default)
    return Mend(text, (SetIn("training", (CALLBACKS, spec.key), rest),))


def _monitor_problems(spec: CallbackSpec, values: Mapping[str, Any], entries: Sequence[Logged]) -> Iterator[Problem]:
    all_values = spec.values(values)
    monitor, mode = str(all_values[MONITOR]), str(all_values[MODE])
    entry = next((entry for entry in entries if entry.name == monitor.removeprefix(VALIDATION)), None)
    known = direction_of(monitor, directions(entries))
    if entry is None:
        if all(entry.sure for entry in entries):
            text = Text.of(
                "{callback} watches {monitor}, which a run of this model will not have.",
                callback=spec.title,
                monitor=monitor,
            )
            yield _problem(spec, text, "training.monitor", _set(spec, MONITOR, VALIDATION + LOSS))
    elif mode == AUTO and known is None and entry.known:
        text = Text.of(
            "Keras does not say whether {monitor} is better when it is lower or higher: choose min or max as the mode "
            "of {callback}.",
            callback=spec.title,
            monitor=monitor,
        )
        yield _problem(spec, text, "training.direction")
    elif mode != AUTO and known is not None and mode != known:
        text = Text.of(
            "{callback} takes the worst {monitor} for the best: of that, {words}.",
            callback=spec.title,
            monitor=monitor,
            words=direction_words(known),
        )
        yield _problem(spec, text, "training.direction", _set(spec, MODE, AUTO), remark=True)


def _set(spec: CallbackSpec, name: str, value: str) -> Mend:
    text = Text.of("Set {name} of {callback} to {value}", name=name, callback=spec.title, value=value)
    return Mend(text, (SetIn("training", (CALLBACKS, spec.key, name), value),))


def _problem(spec: CallbackSpec, text: Text, kind: str, mend: Mend | None = None, *, remark: bool = False) -> Problem:
    return Problem("warning" if remark else "error", text, kind=kind, place=spec.title, mend=mend)
