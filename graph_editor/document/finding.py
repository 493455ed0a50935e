"""Finding boxes by what is written in them: name, class, parameter or problem."""

from collections.abc import Iterable, Mapping, Sequence

from graph_editor.document.document import Document
from graph_editor.document.graph import Operation
from graph_editor.document.notes import name_of, notes_of


def find(document: Document, query: str, sentences: Mapping[str, Sequence[str]]) -> list[str]:
    """The calls of all graphs that fit, each graph from top to bottom, then names of notes; none for an empty query.

    "conv" fits names and classes, "kernel_size 3", "units=10" and "activation relu" parameters, any other words the
    problems of a box (``sentences`` by call id), and any words notes. Capitals do not matter.
    """
    wanted = " ".join(query.lower().split())
    if not wanted:
        return []
    key, value = _assignment(wanted)
    found: list[str] = []
    known: dict[str, bool] = {}
    for graph in document.graphs.values():
        here = []
        for call_id, call in graph.calls.items():
            fits = known.get(call.operation)
            if fits is None:
                fits = known[call.operation] = _fits(graph.operations[call.operation], wanted, key, value)
            if fits or any(wanted in sentence.lower() for sentence in sentences.get(call_id, ())):
                here.append(call_id)
        found += _downwards(document, here)
    return found + [name_of(note.id) for note in notes_of(document) if wanted in " ".join(note.text.lower().split())]


def _downwards(document: Document, call_ids: Iterable[str]) -> list[str]:
    places = document.positions
    return sorted(call_ids, key=lambda call_id: places.get(call_id, (0.0, 0.0))[::-1])


def _assignment(wanted: str) -> tuple[str, str]:
    """The parameter and the value that are looked for, if they can be meant: "units=10", "units 10"."""
    for sign in ("=", ":", " "):
        key, found, value = wanted.partition(sign)
        if found and key.strip() and value.strip():
            return key.strip().replace(" ", "_"), value.strip()
    return "", ""


def _fits(operation: Operation, wanted: str, key: str, value: str) -> bool:
    if wanted in operation.name.lower() or wanted in operation.class_name.lower():
        return True
    if wanted in operation.config and wanted != "name":
        return operation.config[wanted] not in (None, False)
    return bool(key) and any(
        name.lower().startswith(key) and _is(content, value) for name, content in operation.config.items()
    )


def _is(content: object, value: str) -> bool:
    """Whether a parameter's content is what somebody wrote: 3 for (3, 3), "3x3" too, "relu", "true", "none"."""
    if isinstance(content, list):
        joined = "x".join(_word(item) for item in content)
        return value.replace("×", "x").replace(",", "x").replace(" ", "").strip("()[]") == joined or (
            bool(content) and all(_is(item, value) for item in content)
        )
    if isinstance(content, Mapping):
        return any(isinstance(part, str) and part.lower() == value for part in content.values()) or any(
            _is(part, value) for part in content.values() if isinstance(part, Mapping)
        )
    return _word(content) == value or (isinstance(content, str) and content.lower().startswith(value))


def _word(item: object) -> str:
    if isinstance(item, float) and item.is_integer():
        return str(int(item))
    return str(item).lower()
