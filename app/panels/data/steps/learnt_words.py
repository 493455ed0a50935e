"""What a step has learnt of the training part, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.panels.plots.formats import count_text
from resources.plain import listed
from resources.text import Text, tr
from runtime.messages.preparing import LearntStep

_FEW: Final = 3  # numbers, and words, in a sentence
_NAMES: Final[Mapping[str, Text]] = {
    "mean": Text("mean"),
    "deviation": Text("deviation"),
    "fill": Text("filled with"),
    "boundaries": Text("boundaries"),
}


def learnt_text(step: LearntStep) -> str:
    """A line or two; nothing of a step that has learnt nothing."""
    lines = [_numbers(name, values) for name, values in step.numbers if values]
    if step.words and not step.size:
        lines.append(f"{_NAMES['fill']} {listed(list(step.words))}")
    elif step.words:
        lines.append(_vocabulary(step))
    return "\n".join(lines)


def learnt_words(step: LearntStep) -> str:
    """The words that a step knows, a line for each, the most frequent first; nothing of numbers."""
    if not step.size:
        return ""
    lines = [_word(step, place) for place in range(len(step.words))]
    more = step.size - len(step.words)
    return "\n".join([*lines, tr("and {count} more", count=count_text(more))] if more > 0 else lines)


def _numbers(name: str, values: Sequence[float]) -> str:
    shown = ", ".join(f"{value:.4g}" for value in values[:_FEW])
    return f"{_NAMES.get(name, name)} {shown}{', …' if len(values) > _FEW else ''}"


def _vocabulary(step: LearntStep) -> str:
    shown = ", ".join(_word(step, place) for place in range(min(_FEW, len(step.words))))
    shown += ", …" if step.size > _FEW else ""
    if step.distinct > step.size:
        return tr(
            "vocabulary of {count}, of {distinct} different ones: {words}",
            count=count_text(step.size), distinct=count_text(step.distinct), words=shown,
        )  # fmt: skip
    return tr("vocabulary of {count}: {words}", count=count_text(step.size), words=shown)


def _word(step: LearntStep, place: int) -> str:
    word = step.words[place]
    return f"{word} ({count_text(step.counts[place])})" if place < len(step.counts) else word


def of_columns(texts: Mapping[str, str]) -> str:
    """What is said of one column, or of several, each with its name."""
    if len(texts) == 1:
        return next(iter(texts.values()))
    found = {name: text for name, text in texts.items() if text}
    lines = [f"{name}: {'; '.join(text.splitlines())}" for name, text in list(found.items())[:_FEW]]
    return "\n".join([*lines, "…"] if len(found) > _FEW else lines)
