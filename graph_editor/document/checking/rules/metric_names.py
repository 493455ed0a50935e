"""Metrics, or outputs, under whose names something else is told: a metric called "loss" would stand for the loss."""

from collections.abc import Iterator, Sequence

from graph_editor.document.checking.logged import logged_by
from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import SetIn
from graph_editor.document.ends import outputs
from graph_editor.document.graph import Json
from resources.text import Text
from resources.training.metric_logs import VALIDATION, Logged, NameFault, name_faults, read_metric
from resources.training.sections import OUTPUTS, outputs_of


def metric_names(facts: ModelFacts) -> Iterator[Problem]:
    entries = logged_by(facts.document.graph, facts.outputs, facts.catalog)
    calls = {output.name: output.ref.call for output in outputs(facts.document.graph)}
    for fault in name_faults(entries):
        call = calls.get(fault.entry.output or "")
        mend = _renamed(facts, fault, entries)
        yield Problem("error", fault.text, call, kind="training.metric_name", mend=mend)


def _renamed(facts: ModelFacts, fault: NameFault, entries: Sequence[Logged]) -> Mend | None:
    """Give a metric another name; an output is renamed by people."""
    output, index = fault.entry.output or "", fault.entry.metric
    written = outputs_of(facts.document.training).get(output, {}).get("metrics")
    if index is None or not isinstance(written, list) or index >= len(written):
        return None  # a metric that is only suggested
    class_name, config = read_metric(written[index])
    called = str(config.get("name") or fault.entry.name).removeprefix(VALIDATION)
    name = _free(f"{called}_metric" if fault.entry.name != called or "name" in config else called, entries)
    metrics: list[Json] = list(written)
    metrics[index] = {"class_name": class_name, "config": {**config, "name": name}}
    text = Text("Call the metric of {output} {name}", {"output": output, "name": name})
    return Mend(text, (SetIn("training", (OUTPUTS, output, "metrics"), metrics),))


def _free(name: str, entries: Sequence[Logged]) -> str:
    taken = [entry.name for entry in entries]
    number, found = 1, name
    while any(told == found or told.endswith(f"_{found}") for told in taken):
        number += 1
        found = f"{name}_{number}"
    return found


RULE = metric_names
