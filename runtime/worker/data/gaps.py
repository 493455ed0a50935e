"""What mends missing values with one click: a step that fills them, or that leaves the samples without them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from resources.text import Text
from runtime.messages.checking import CheckData, DataProblem, Endpoint, ProposedMend, SettingChange
from runtime.spec import ColumnSpec, Step
from runtime.step_kinds import find_step
from runtime.worker.data.blocks import blocks
from runtime.worker.data.source import Source
from runtime.worker.data.values import missing_in
from runtime.worker.data.windowed import WindowedSource

_DROP: Final = "drop_missing"
_FILL: Final = "fill"
_GAPS: Final = ("missing", "no_number")  # what the check calls them


def with_gap_mends(problems: Sequence[DataProblem], source: Source, asked: CheckData) -> Iterator[DataProblem]:
    """The same problems; those of missing values have what mends all gaps of their input or output.

    A value of an input is filled. A label is nothing to invent: its sample is left out, and so is one whose value is
    written as no number at all.
    """
    rows = source.rows if isinstance(source, WindowedSource) else source
    for problem in problems:
        mend = _mend(problem, rows.raw(), asked) if problem.mend is None and problem.kind in _GAPS else None
        yield problem if mend is None else msgspec.structs.replace(problem, mend=mend)


def _mend(problem: DataProblem, raw: Source, asked: CheckData) -> ProposedMend | None:
    """None where the gaps are not in the data itself, but made by a step: what fills them would have to follow it."""
    bound = {binding.target: binding.columns for binding in asked.bindings}
    truths = {name for output in asked.outputs for name in bound.get(output.name, ())}
    end = next((one for one in (*asked.inputs, *asked.outputs) if one.name == problem.target), None)
    names = bound.get(problem.target or "", ())
    gaps = [name for name in names if raw.has(name) and _has_gaps(raw, name)]
    if end is None or not gaps:
        return None
    if problem.kind == "no_number" or truths.intersection(gaps):
        return _proposed(_dropping(gaps), dict.fromkeys(gaps, Step(_DROP)), raw, asked.data.columns)
    steps = {name: Step(_FILL, {"with": _filling(raw, name, end)}) for name in gaps}
    return _proposed(_filled(gaps, steps), steps, raw, asked.data.columns)


def _has_gaps(raw: Source, name: str) -> bool:
    words = bool(raw.categories(name))
    return any(missing_in(values, words) for _, values in blocks(raw, name))


def _filling(raw: Source, name: str, end: Endpoint) -> str:
    """Words and numbers that count or name something have no mean."""
    whole = end.ids is not None or end.dtype.startswith(("int", "uint", "bool"))
    return "most_frequent" if whole or raw.categories(name) else "mean"


def _proposed(
    text: Text, steps: Mapping[str, Step], raw: Source, columns: Mapping[str, ColumnSpec]
) -> ProposedMend | None:
    """The steps come first: what follows scales, or looks up, what is there."""
    changes = []
    for name, step in steps.items():
        kind = find_step(step.step)
        if kind is None or raw.column(name).kind not in kind.takes:
            return None
        present = columns.get(name, ColumnSpec()).steps
        changes.append(SettingChange("data", ("columns", name, "steps"), [_written(one) for one in (step, *present)]))
    return ProposedMend(text, tuple(changes))


def _written(step: Step) -> dict[str, Any]:
    return {"step": step.step, **step.settings}


def _dropping(names: Sequence[str]) -> Text:
    if len(names) > 1:
        return Text("Leave out the samples with gaps in {count} columns", {"count": len(names)})
    return Text("Leave out the samples without {column}", {"column": names[0]})


def _filled(names: Sequence[str], steps: Mapping[str, Step]) -> Text:
    means = all(step.settings["with"] == "mean" for step in steps.values())
    if len(names) > 1 and means:
        return Text("Fill the gaps of {count} columns with the mean", {"count": len(names)})
    if len(names) > 1:
        return Text("Fill the gaps of {count} columns", {"count": len(names)})
    if means:
        return Text("Fill the gaps of {column} with the mean", {"column": names[0]})
    return Text("Fill the gaps of {column} with the most frequent value", {"column": names[0]})
