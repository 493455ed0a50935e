"""Finding a layer from a few keystrokes: pure text matching, best first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph_editor.catalog.specs import LayerSpec

_HUMP = re.compile(r"\d+[A-Z]|[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+")
_SEPARATOR = re.compile(r"[\s_\-·]+")

_STREWN = 6  # the worst way to match


@dataclass(frozen=True, slots=True)
class _Entry:
    spec: LayerSpec
    name: str
    humps: tuple[str, ...]
    keywords: tuple[str, ...]


class SearchIndex:
    """The names of ``specs``, prepared; the order of ``specs`` decides between equally good matches."""

    def __init__(self, specs: Sequence[LayerSpec]) -> None:
        self._entries = [_entry(spec) for spec in specs]

    def search(self, text: str) -> list[LayerSpec]:
        """The layers that match, best first; all of them for an empty text."""
        query = _plain(text)
        if not query:
            return [entry.spec for entry in self._entries]
        scored = [
            (_rank(score, entry), index)
            for index, entry in enumerate(self._entries)
            if (score := _score(query, entry)) is not None
        ]
        return [self._entries[index].spec for _, index in sorted(scored)]

    def named(self, text: str) -> list[LayerSpec]:
        """The layers that have the text, or its initials, in one of their names: no letters that are only strewn."""
        query = _plain(text)
        scores = [(_score(query, entry), entry.spec) for entry in self._entries]
        return [spec for score, spec in scores if score is not None and score[0] < _STREWN]


def nearness(spec: LayerSpec, text: str) -> int:
    """How well the layer answers the text, smaller is better: it is called so, has that for another name (a Korean
    one, an old one), begins with it, or none of these.
    """
    query = _plain(text)
    score = _score(query, _entry(spec)) if query else None
    if score is None:
        return 3
    if score[0] == 0 and spec.function is None:
        return score[1]
    return 2 if score[0] < 2 else 3  # an operation called so is less likely meant than a layer that begins so


def _entry(spec: LayerSpec) -> _Entry:
    return _Entry(
        spec,
        _plain(spec.shown_name),
        tuple(hump.lower() for hump in _HUMP.findall(spec.shown_name)),
        tuple(_plain(word) for word in (spec.class_name, *spec.keywords)),
    )


def _plain(text: str) -> str:
    return _SEPARATOR.sub("", text).lower()


def _rank(score: tuple[int, int], entry: _Entry) -> tuple[float, tuple[int, int]]:
    """Operations come after the layers, of which most people think, unless they are called just so."""
    if entry.spec.function is None:
        return score[0], score
    return (2.5 if score[0] == 0 else max(score[0], 5) + 0.5), score


def _score(query: str, entry: _Entry) -> tuple[int, int] | None:
    """Smaller is better; ``None`` when nothing of the entry fits."""
    name = entry.name
    if query == name or query in entry.keywords:
        return 0, 0 if query == name else 1
    if name.startswith(query):
        return 1, not entry.spec.common
    if any(word.startswith(query) for word in entry.keywords):
        return 2, not entry.spec.common
    if _matches_humps(query, entry.humps):
        return 3, not entry.spec.common
    if any(hump.startswith(query) for hump in entry.humps):
        return 4, not entry.spec.common
    if query in name or any(query in word for word in entry.keywords):
        return 5, len(name)
    span = _subsequence_span(query, name)
    return None if span is None else (_STREWN, span)


def _matches_humps(query: str, humps: tuple[str, ...]) -> bool:
    """Whether ``query`` is made of beginnings of successive words, the first word included ("c2d", "maxpool")."""
    if not humps or not query.startswith(humps[0][0]):
        return False
    return _fits(query, humps)


def _fits(query: str, humps: tuple[str, ...]) -> bool:
    if not query:
        return True
    for start, hump in enumerate(humps):
        for length in range(min(len(hump), len(query)), 0, -1):
            if hump.startswith(query[:length]) and _fits(query[length:], humps[start + 1 :]):
                return True
    return False


def _subsequence_span(query: str, name: str) -> int | None:
    """The number of letters of ``name`` over which those of ``query`` spread, in order; None if one is missing."""
    if len(query) < 2:
        return None
    first = name.find(query[0])
    position = first
    for letter in query[1:]:
        position = name.find(letter, position + 1) if position >= 0 else -1
    return None if first < 0 or position < 0 else position - first
