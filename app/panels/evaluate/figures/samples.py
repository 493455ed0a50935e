"""Samples with what the model says of them: a picture or values, the true class, probabilities as bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.look.fonts import mono_font, ui_font
from app.look.theme import Theme, mix
from app.panels.data.parts.pictures import image_of
from app.panels.evaluate.drawing.axes import elided
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, label_text, number_text
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.looking import Thumbnail
from runtime.messages.views import Samples, SampleView

VIEW = Samples

TALL = 92.0
_PICTURE, _LINE, _NARROWEST, _CAPTION = 64.0, 18.0, 330.0, 13.0
_STEP = _PICTURE + 5  # from one picture to the next
_LOOKED_AT = 20  # samples that say how wide one is
_MOST_BARS = 3
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def across(samples: Sequence[SampleView], width: float) -> int:
    """How many have room side by side: the more pictures one has, the fewer."""
    pictures = max((len(_pictures(sample)) for sample in samples[:_LOOKED_AT]), default=1)
    return max(1, int(width // (_NARROWEST + max(0, pictures - 1) * _STEP)))


def height(view: Samples, width: float, _look: FigureLook) -> float:
    return -(-len(view.samples) // across(view.samples, width)) * TALL


def place(rect: QRectF, number: int, columns: int) -> QRectF:
    """Where sample `number` is drawn in `rect`, of so many side by side."""
    width = rect.width() / columns
    line, column = divmod(number, columns)
    return QRectF(rect.left() + column * width, rect.top() + line * TALL, width, TALL)


def paint(painter: QPainter, rect: QRectF, view: Samples, look: FigureLook) -> None:
    columns, score = across(view.samples, rect.width()), score_title(view)
    for number, sample in enumerate(view.samples):
        paint_sample(painter, place(rect, number, columns), sample, look, look.marked == (number,), score)


def hit(rect: QRectF, view: Samples, point: QPointF, _look: FigureLook) -> Hit | None:
    """The sample under `point`: (its number in the view,)."""
    columns = across(view.samples, rect.width())
    for number, sample in enumerate(view.samples):
        if place(rect, number, columns).contains(point):
            return Hit((number,), sample_text(sample))
    return None


def parts(view: Samples, _look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The samples, one below the other."""
    return [[(number,)] for number in range(len(view.samples))]


def part_text(view: Samples, part: tuple[int, ...], _look: FigureLook) -> str:
    return sample_text(view.samples[part[0]])


def spoken(view: Samples) -> str:
    return ". ".join(sample_text(sample) for sample in view.samples[:5])


def sample_text(sample: SampleView) -> str:
    """What there is to know of a sample, in lines."""
    lines = [shown_name(sample.name) or tr("sample {number}", number=sample.row + 1), verdict_text(sample)]
    lines += [f"{shown_name(name)} {number_text(value)}" for name, value in sample.bars]
    lines += [f"{shown_name(name)}: {shown_name(value)}" for name, value in sample.cells[:12]]
    return "\n".join(line for line in lines if line)


def verdict_text(sample: SampleView) -> str:
    """What was predicted, and what is true, in words."""
    predicted, true = shown_name(sample.predicted), shown_name(sample.truth)
    if sample.right is None and true:
        return tr("predicted {predicted}, true {true}", predicted=predicted, true=true)
    if sample.right is None or not true:
        return tr("predicted {predicted}", predicted=predicted) if predicted else ""
    return (
        tr("{predicted}: right", predicted=predicted)
        if sample.right
        else tr("{predicted}, and is {true}", predicted=predicted, true=true)
    )


def paint_sample(
    painter: QPainter, area: QRectF, sample: SampleView, look: FigureLook, marked: bool, score: str = ""
) -> None:
    """Draw one sample into `area`; `score` says what its score is."""
    theme = look.theme
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if marked:
        painter.setPen(QPen(QColor(theme.color("accent"))))
        painter.setBrush(QColor(mix(theme.color("panel"), theme.color("raised"), 0.6)))
        painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)
    inner = area.adjusted(10, 9, -12, -8)
    left = _paint_pictures(painter, inner, sample, theme)
    inner.setLeft(left)
    _paint_verdict(painter, QRectF(inner.left(), inner.top(), inner.width(), _LINE), sample, theme)
    below = inner.adjusted(0, _LINE + 2, 0, 0)
    if sample.words is not None:
        _paint_words(painter, below, sample, theme)
    elif sample.bars:
        _paint_bars(painter, below, sample, theme)
    else:
        _paint_cells(painter, below, sample, score, theme)
    painter.restore()


def _pictures(sample: SampleView) -> list[tuple[Thumbnail, str]]:
    """Each with what it is."""
    all_four = (
        (sample.picture, tr("input")),
        (sample.truth_picture, tr("true")),
        (sample.predicted_picture, tr("predicted")),
        (sample.difference, tr("difference")),
    )
    return [(picture, name) for picture, name in all_four if picture is not None]


def _paint_pictures(painter: QPainter, inner: QRectF, sample: SampleView, theme: Theme) -> float:
    """Draw the pictures side by side, named where there are several; where the rest begins."""
    left, pictures = inner.left(), _pictures(sample)
    named = len(pictures) > 1
    inner = inner.adjusted(0, 0, 0, -_CAPTION if named else 0)
    for picture, name in pictures:
        size = _PICTURE if not named else min(_PICTURE, inner.height())
        image = image_of(picture)
        if image.isNull():
            continue
        scale = size / max(image.width(), image.height())
        target = QRectF(0, 0, image.width() * scale, image.height() * scale)
        target.moveCenter(QPointF(left + (_PICTURE if named else size) / 2, inner.top() + inner.height() / 2))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(target, image)
        if named:
            painter.setFont(ui_font(10))
            painter.setPen(QColor(theme.color("dim")))
            below = QRectF(left - 2, inner.bottom() + 1, _PICTURE + 4, _CAPTION)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), elided(painter, name, below.width()))
        left += (_PICTURE if named else size) + 5
    return left + (7 if left > inner.left() else 0)


def _paint_verdict(painter: QPainter, line: QRectF, sample: SampleView, theme: Theme) -> None:
    """What was predicted in red or green, what is true in green; the number of the sample at the right."""
    painter.setFont(mono_font(11))
    painter.setPen(QColor(theme.color("faint")))
    number = f"#{sample.row + 1}"
    painter.drawText(line, _RIGHT, number)
    room = line.width() - QFontMetricsF(painter.font()).horizontalAdvance(number) - 8
    painter.setFont(ui_font(12))
    color = {True: "ok.text", False: "error.text", None: "text"}[sample.right]
    words = [(tr("said"), "dim"), (shown_name(sample.predicted), color)] if sample.predicted else []
    if sample.truth and sample.right is not True:
        words += [(tr("is"), "dim"), (shown_name(sample.truth), "ok.text" if sample.right is False else "text")]
    if not words:
        words = [(shown_name(sample.name), "dim")]
    left, end = line.left(), line.left() + room
    for text, token in words:
        text = elided(painter, text, end - left)
        painter.setPen(QColor(theme.color(token)))
        painter.drawText(QRectF(left, line.top(), end - left, line.height()), _LEFT, text)
        left += QFontMetricsF(painter.font()).horizontalAdvance(text) + 6
        if left >= end:
            return


def _paint_bars(painter: QPainter, area: QRectF, sample: SampleView, theme: Theme) -> None:
    painter.setFont(ui_font(11))
    metrics = QFontMetricsF(painter.font())
    shown = sample.bars[:_MOST_BARS]
    names = min(max(metrics.horizontalAdvance(shown_name(name)) for name, _ in shown) + 8, area.width() * 0.35)
    tall = min(_LINE, area.height() / max(1, len(shown)))
    for number, (name, value) in enumerate(shown):
        top = area.top() + number * tall
        painter.setFont(ui_font(11))
        painter.setPen(QColor(theme.color("dim")))
        name = shown_name(name)
        painter.drawText(QRectF(area.left(), top, names - 6, tall), _LEFT, elided(painter, name, names - 6))
        groove = QRectF(area.left() + names, top + tall / 2 - 3, area.width() - names - 44, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.color("raised")))
        painter.drawRoundedRect(groove, 3, 3)
        painter.setBrush(QColor(theme.color(_bar_color(sample, name))))
        painter.drawRoundedRect(QRectF(groove.left(), groove.top(), groove.width() * _share(value), 6), 3, 3)
        painter.setFont(mono_font(11))
        painter.setPen(QColor(theme.color("text")))
        painter.drawText(QRectF(groove.right(), top, area.right() - groove.right(), tall), _RIGHT, f"{value:.2f}")


def _share(value: float) -> float:
    return min(1.0, max(0.0, value)) if value == value else 0.0


def _bar_color(sample: SampleView, name: str) -> str:
    """Green for the true class, red for a wrong answer, else the accent."""
    if sample.truth and name == shown_name(sample.truth):
        return "ok"
    return "error" if sample.right is False and name == shown_name(sample.predicted) else "accent"


def _paint_cells(painter: QPainter, area: QRectF, sample: SampleView, score: str, theme: Theme) -> None:
    painter.setFont(ui_font(11))
    cells = [f"{shown_name(name)} {shown_name(value) or '–'}" for name, value in sample.cells]
    lines = [" · ".join(cells)] if cells else [shown_name(sample.name)] if sample.predicted or sample.truth else []
    if sample.score is not None:
        lines.insert(0, f"{score} {number_text(sample.score)}".strip())
    for number, text in enumerate(lines):
        painter.setPen(QColor(theme.color("text" if number == 0 and sample.score is not None else "dim")))
        box = QRectF(area.left(), area.top() + number * _LINE, area.width(), area.height() - number * _LINE)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(box, flags, text)


def _paint_words(painter: QPainter, area: QRectF, sample: SampleView, theme: Theme) -> None:
    """The tokens one after the other, each on a ground that says how much it weighs."""
    assert sample.words is not None
    painter.setFont(ui_font(11))
    metrics = QFontMetricsF(painter.font())
    left, top = area.left(), area.top()
    for number, token in enumerate(sample.words.tokens):
        text = shown_name(token)
        width = metrics.horizontalAdvance(text) + 6
        if left + width > area.right() and left > area.left():
            left, top = area.left(), top + _LINE
        if top + _LINE > area.bottom() + 1:
            return
        weight = sample.words.weights[number] if number < len(sample.words.weights) else 0.0
        if weight:
            painter.setPen(Qt.PenStyle.NoPen)
            color = theme.color("ok" if weight > 0 else "error")
            painter.setBrush(QColor(mix(theme.color("panel"), color, 0.5 * min(1.0, abs(weight)))))
            painter.drawRoundedRect(QRectF(left, top + 1, width - 1, _LINE - 2), 3, 3)
        painter.setPen(QColor(theme.color("text")))
        painter.drawText(QRectF(left + 3, top, width, _LINE), _LEFT, text)
        left += width


def score_title(view: Samples) -> str:
    """What the list is ordered by."""
    return label_text(view.score) if view.score is not None else ""
