"""Finding boxes by what is written in them or shown at them: name, class, parameter, state or problem."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from graph_editor.document.canvas.notes import name_of, notes_of
from graph_editor.document.changes.commands import INPUT
from graph_editor.document.document import Document
from graph_editor.document.graph import BYPASSED, MUTED, Call, Operation
from graph_editor.document.nesting import frozen_model
from resources.text import tr

FROZEN: Final = "frozen"
_ENOUGH: Final = 3  # English letters that may stand for a state, so that "mu" finds no more than names


def find(document: Document, query: str, sentences: Mapping[str, Sequence[str]]) -> list[str]:
    """The calls of all graphs that fit, each graph from top to bottom, then names of notes; none for an empty query.

    "conv" fits names and classes, "kernel_size 3", "units=10" and "activation relu" parameters, "frozen" and "muted"
    boxes that are, any other words the problems of a box (``sentences`` by call id), and any words notes. Capitals do
    not matter.
    """
    words = " ".join(query.lower().split())
    if not words:
        return []
    key, value = _assignment(words)
    call_ids: list[str] = []
    verdicts: dict[str, bool] = {}
    in_state = state_test(document, states_meant(words))
    for graph_id, graph in document.graphs.items():
        here = []
        for call_id, call in graph.calls.items():
            fits = verdicts.get(call.operation)
            if fits is None:
                fits = verdicts[call.operation] = _fits(graph.operations[call.operation], words, key, value)
            if (
                fits
                or in_state(graph_id, call)
                or any(words in sentence.lower() for sentence in sentences.get(call_id, ()))
            ):
                here.append(call_id)
        call_ids += _downwards(document, here)
    return call_ids + [name_of(note.id) for note in notes_of(document) if words in " ".join(note.text.lower().split())]


def states_meant(word: str) -> frozenset[str]:
    """Return which of bypassed, muted and frozen a word, or its beginning, means: in English, or as people read it."""
    sought = word.removesuffix("됨")
    if sought.isascii() and len(sought) < _ENOUGH:
        return frozenset()
    names = {BYPASSED: tr("bypassed"), MUTED: tr("muted"), FROZEN: tr("frozen")}
    return frozenset(state for state, name in names.items() if state.startswith(sought) or name.startswith(sought))


def state_test(document: Document, states: Collection[str]) -> Callable[[str, Call], bool]:
    """Tells of a call, and the id of its graph, whether its box shows one of the states."""
    frozen_around = {key for key in document.graphs if FROZEN in states and frozen_model(document, key)}

    def shows(graph_id: str, call: Call) -> bool:
        if call.mode in states or FROZEN not in states:
            return call.mode in states
        operation = document.graphs[graph_id].operations[call.operation]
        return not operation.trainable or (graph_id in frozen_around and operation.class_name != INPUT)

    return shows


def _downwards(document: Document, call_ids: Iterable[str]) -> list[str]:
    places = document.positions
    return sorted(call_ids, key=lambda call_id: places.get(call_id, (0.0, 0.0))[::-1])


def _assignment(words: str) -> tuple[str, str]:
    """The parameter and the value that are looked for, if they can be meant: "units=10", "units 10"."""
    for sign in ("=", ":", " "):
        key, found, value = words.partition(sign)
        if found and key.strip() and value.strip():
            return key.strip().replace(" ", "_"), value.strip()
    return "", ""


def _fits(operation: Operation, words: str, key: str, value: str) -> bool:
    if any(words in text.lower() for text in (operation.title, operation.name, operation.class_name)):
        return True
    if words in operation.config and words != "name":
        return operation.config[words] not in (None, False)
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
