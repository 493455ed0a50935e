"""What the data check found, as problems and remarks of the project. Knows neither Qt nor Keras."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from graph_editor.document.checking.titled import titled
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, SetIn, SetParameters
from graph_editor.document.ends import output_names, outputs
from graph_editor.document.nesting import input_names
from resources.text import Text
from resources.training.sections import SOURCES, bindings_of
from runtime.messages.checking import DataProblem, OptionChange, ProposedMend, SettingChange
from runtime.project_spec import data_from_project
from runtime.spec import SpecError

CLASSES: Final = "classes"  # what the check calls a class for which an output has no unit
UNSCALED: Final = "unscaled"  # and pictures that nothing in the model scales


def data_problems(
    document: Document, findings: Iterable[DataProblem], mends: Mapping[str, Mapping[str, Mend]] | None = None
) -> list[Problem]:
    """What the data check found at the boxes it is about; notes are no problems.

    The kind is "data", or "data." and what the check calls it. `mends` has what the check knows no mend for, by
    what it calls the finding, and by the name of the input or output.
    """
    more = mends or {}
    graph = document.graph
    calls = {output.name: output.ref.call for output in outputs(graph)}
    calls |= zip(input_names(graph), [ref.call for ref in graph.input_refs()], strict=True)
    all_problems = [
        Problem(
            "error" if finding.severity == "error" else "warning",
            finding.text,
            calls.get(finding.target or ""),
            detail=finding.detail,
            kind=f"data.{finding.kind}" if finding.kind else "data",
            place=finding.place or _place(finding),
            mend=more.get(finding.kind, {}).get(finding.target or "") or _mend(document, finding.mend),
        )
        for finding in findings
        if finding.severity != "note"
    ]
    return titled(document, all_problems)


def unbound_problems(document: Document) -> list[Problem]:
    """Inputs and outputs without a column, which no run can be without; `document` is what is built.

    Nothing is said before data is chosen, nor is a box marked for it: a project begins like that.
    """
    try:
        data_from_project(document.data, None)
    except SpecError:
        return []
    bound = bindings_of(document.data)
    missing = [name for name in (*input_names(document.graph), *output_names(document.graph)) if name not in bound]
    texts = [Text("{name} has no data column yet.", {"name": name}) for name in missing]
    return titled(document, [Problem("error", text, kind="data.unbound", place=Text("Data")) for text in texts])


def _place(finding: DataProblem) -> Text | None:
    return Text("column {name}", {"name": finding.column}) if finding.column is not None else None


def _mend(document: Document, proposed: ProposedMend | None) -> Mend | None:
    """None as well when it is about a layer that is not there any more, or about one of several of that name."""
    if proposed is None:
        return None
    operations = [item for graph in document.graphs.values() for item in graph.operations.values()]
    named = Counter(item.name for item in operations)
    by_name = {item.name: item.id for item in operations if named[item.name] == 1}  # others are not told apart
    edits: list[Edit] = []
    for change in proposed.changes:
        if isinstance(change, SettingChange):
            edits.append(SetIn(change.section, change.path, change.value))
        elif isinstance(change, OptionChange):
            edits.append(SetIn("data", (SOURCES, str(change.source), "options", change.option), change.value))
        elif change.layer in by_name:
            edits.append(SetParameters(by_name[change.layer], change.values))
        else:
            return None
    return Mend(proposed.text, tuple(edits))
