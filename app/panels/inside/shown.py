"""What a worker told of boxes, as the canvas shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from app.panels.plots.formats import count_text, value_text
from graph_editor.view.painting.inside_values import (
    HeatMap,
    InsideLook,
    InsideView,
    MapTiles,
    SmallMap,
    StepLines,
    ValueBars,
    WordList,
)
from resources.text import tr
from runtime.messages.inside import Activation, Line, SmallView, Tiles, Tokens, Vector
from runtime.messages.looking import Thumbnail
from runtime.messages.views import Heat, Words

_DARK: Final = 96  # of 255


def waiting_look() -> InsideLook:
    return InsideLook(note="…")


def look_of(activations: Sequence[Activation]) -> InsideLook:
    """What one box shows. Of several outputs the first one is drawn, and the others are told of."""
    first = next((found for found in activations if found.error is None and found.view is not None), None)
    if first is None:
        error = next((found.error for found in activations if found.error is not None), None)
        return InsideLook(note=str(error) if error is not None else tr("nothing to show"), quiet=False)
    lines = [*figure_lines(first)]
    others = [found for found in activations if found is not first]
    lines += [tr("output {number}: {shape}", number=o.output + 1, shape=shape_words(o.shape)) for o in others]
    return InsideLook(view_of(first.view), brief_lines(first), tuple(lines)) if first.view else InsideLook()


def brief_lines(found: Activation) -> tuple[str, ...]:
    """What has room below a box: the range, and what is most telling besides."""
    if found.nans:
        return range_text(found), tr("{count} NaN", count=count_text(found.nans))
    if found.low is None:
        return ()
    if found.zeros is not None and found.zeros >= 0.005:
        return range_text(found), tr("{share} zero", share=share_text(found.zeros))
    return range_text(found), tr("mean {value}", value=short(found.mean))


def figure_lines(found: Activation) -> tuple[str, ...]:
    lines = [f"{shape_words(found.shape)} · {found.dtype}"]
    if found.low is not None:
        lines.append(tr("range {range}", range=range_text(found)))
        lines.append(
            tr("mean {mean} · {share} zero", mean=value_text(found.mean), share=share_text(found.zeros or 0.0))
        )
    if found.nans:
        lines.append(tr("{count} NaN", count=count_text(found.nans)))
    return tuple(lines)


def range_text(found: Activation) -> str:
    return f"{short(found.low)} … {short(found.high)}"


def short(value: float | None) -> str:
    """A number in as few signs as tell it: 0, 1.93, −12.5."""
    if value is None:
        return "–"
    size = abs(value)
    text = (
        value_text(value)
        if size < 1 or size >= 100 or not math.isfinite(value)
        else f"{value:.{2 if size < 10 else 1}f}"
    )
    text = text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
    return f"−{text[1:]}" if text.startswith("-") else text or "0"


def share_text(share: float) -> str:
    percent = share * 100
    return f"{percent:.0f} %" if percent >= 1 or percent == 0 else f"{percent:.1f} %"


def shape_words(shape: Sequence[int]) -> str:
    return "×".join(str(size) for size in shape) if shape else tr("a single number")


def view_of(view: SmallView) -> InsideView:
    match view:
        case Tiles(maps=maps, channels=channels, of=of):
            shown = tuple(map_of(small) for small in maps)
            return MapTiles(tuple(map(stretched, shown)) if of == 1 else shown, channels, of)
        case Line(lines=lines, of=of):
            return StepLines(lines, of)
        case Vector(values=values, names=names, of=of):
            return ValueBars(values, names, of or len(values))
        case Heat():
            return heat_of(view)
        case Tokens(words=words, of=of):
            return WordList(words, of)


def map_of(small: Thumbnail) -> SmallMap:
    return SmallMap(small.width, small.height, small.channels, small.data)


def stretched(small: SmallMap) -> SmallMap:
    """With the whole scale of colours: a picture alone, of values from 0 to 16, say, would be all dark."""
    low, high = min(small.data, default=0), max(small.data, default=0)
    if small.channels == 4 or high <= low:  # how much can be seen through it is no brightness
        return small
    table = bytes(round(min(max(value - low, 0) / (high - low), 1.0) * 255) for value in range(256))
    return SmallMap(small.width, small.height, small.channels, small.data.translate(table))


def input_of(picture: Thumbnail) -> SmallMap:
    """The picture that a model takes, brighter where it is so dark that nothing could be told apart."""
    small = map_of(picture)
    return stretched(small) if max(small.data, default=0) < _DARK else small


def heat_of(heat: Heat) -> HeatMap:
    return HeatMap(heat.values, heat.rows, heat.columns)


def words_of(words: Words) -> WordList:
    return WordList(words.tokens, len(words.tokens), words.weights)
