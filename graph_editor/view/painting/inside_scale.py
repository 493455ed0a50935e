"""The scale of colours that numbers are painted in: from dark blue by green to yellow, evenly in lightness.

People who cannot tell red from green read it as well as others do, and it reads as dark to light in grey.
"""

from functools import cache
from typing import Final

from PySide6.QtGui import QColor, QImage, qRgb

from graph_editor.view.painting.inside_values import SmallMap

_STOPS: Final = ("#17204a", "#20386f", "#235f92", "#1f8a8c", "#3fb57a", "#a5d64c", "#f7e967")
_FORMATS: Final = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}


@cache
def scale() -> tuple[int, ...]:
    """256 colours as Qt's numbers, from the lowest value to the highest."""
    return tuple(_between(place / 255) for place in range(256))


def shade(share: float) -> QColor:
    """The colour of a value that lies at ``share`` (0 to 1) between the lowest and the highest."""
    return QColor(scale()[round(min(max(share, 0.0), 1.0) * 255)])


def _between(share: float) -> int:
    place = share * (len(_STOPS) - 1)
    first = min(int(place), len(_STOPS) - 2)
    low, high, part = QColor(_STOPS[first]), QColor(_STOPS[first + 1]), place - first
    red, green, blue = (
        round(start + (end - start) * part)
        for start, end in zip(
            (low.red(), low.green(), low.blue()), (high.red(), high.green(), high.blue()), strict=True
        )
    )
    return qRgb(red, green, blue)


def image_of(small: SmallMap) -> QImage:
    """The map as a picture; an empty one where it is not what it says."""
    if not small.is_sound:
        return QImage()
    stride = small.width * small.channels
    if small.channels == 1:
        image = QImage(small.data, small.width, small.height, stride, QImage.Format.Format_Indexed8)
        image.setColorTable(scale())
        return image.copy()  # its bytes are its own then
    return QImage(small.data, small.width, small.height, stride, _FORMATS[small.channels]).copy()
