"""Finding a line among ten thousand from a few keystrokes: pure text, no Qt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

LIMIT = 60  # as many rows as anybody reads
_FUZZY_FROM = 2  # letters; one letter found anywhere says nothing
_WORD_START = re.compile(r"(?<![^\W_])[^\W_]|(?<=[a-z])[A-Z]|(?<=[A-Za-z])\d")


def plain(text: str) -> str:
    """`text` as it is compared: small letters, Korean taken apart, so that 저ㅈ, ㅈㅈ and 저장 find 저장."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).lower()


class Index:
    """Lines of a title and of what else finds it, though less well: its class, its menu, its name in English.

    Of equally good lines the first comes first. A query that goes on from the one before looks only at what that
    one found.
    """

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        others = {also: plain(also) for _, also in lines}  # thousands of boxes have few classes
        self._titles = [title for title, _ in lines]
        self._texts = [plain(title) for title, _ in lines]
        self._also = [others[also] for _, also in lines]
        self._initials: dict[str, str] = {}
        self._query = ""
        self._found: Sequence[int] = ()

    def search(self, query: str, limit: int = LIMIT) -> list[int]:
        """The numbers of the lines that match, best first; empty for an empty query."""
        plain_query = plain(query).strip()
        if not plain_query:
            self._query = ""
            return []
        narrowing = len(self._query) >= _FUZZY_FROM and plain_query.startswith(self._query)
        candidates: Sequence[int] = self._found if narrowing else range(len(self._texts))
        ranks, spread = self._ranked(plain_query, candidates)
        best = [number for rank in ranks for number in rank]
        self._query = plain_query
        self._found = sorted([*best, *(number for _, number in spread)])
        return (best + [number for _, number in sorted(spread)])[:limit] if len(best) < limit else best[:limit]

    def _ranked(self, plain_query: str, candidates: Sequence[int]) -> tuple[list[list[int]], list[tuple[int, int]]]:
        """Numbers by how well they match, and those whose letters are only spread over the title, by how far."""
        texts, alsos, words = self._texts, self._also, plain_query.split()
        letters = "".join(words)
        finds = _spread(letters) if len(letters) >= _FUZZY_FROM else None
        ranks: list[list[int]] = [[] for _ in range(6)]
        whole, begins, word, first, inside, also = ranks
        spread: list[tuple[int, int]] = []
        for number in candidates:
            text = texts[number]
            at = text.find(plain_query)
            if at == 0:
                (whole if len(text) == len(plain_query) else begins).append(number)
            elif at > 0:
                (inside if text[at - 1].isalnum() else word).append(number)
            elif text[:1] == letters[0] and letters[-1] in text and self._initials_of(number).startswith(letters):
                first.append(number)
            elif plain_query in alsos[number]:
                also.append(number)
            elif len(words) > 1 and all(part in text or part in alsos[number] for part in words):
                inside.append(number)
            elif finds is not None and letters[-1] in text and (match := finds(text)) is not None:
                spread.append((match.end() - match.start(), number))
        return ranks, spread

    def _initials_of(self, number: int) -> str:
        """The beginnings of the words: "c2d" for Conv2D; names that differ in their number have them in common."""
        stem, _, tail = self._titles[number].rpartition("_")
        if not (stem and tail.isdigit()):
            return self._beginnings(self._titles[number])
        return self._beginnings(stem) + tail[0]

    def _beginnings(self, title: str) -> str:
        if title not in self._initials:
            self._initials[title] = plain("".join(_WORD_START.findall(title)))
        return self._initials[title]


def _spread(letters: str) -> Callable[[str], re.Match[str] | None]:
    """Finds the letters in their order, with others between them; never goes back, so that it is quick."""
    first, *others = map(re.escape, letters)
    return re.compile(first + "".join(f"[^{letter}]*{letter}" for letter in others)).search
