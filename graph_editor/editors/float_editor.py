"""Numbers with a fraction, also in scientific notation."""

import math
import re

from graph_editor.catalog.specs import Json
from graph_editor.editors.parts.base import UnreadableError
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.wording import INFINITY, MINUS, number_text
from resources.text import tr

_SHARE_STEP = 0.05
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)  # as it is typed, and no number that is too large


class FloatEditor(ParsedEditor):
    kinds = ("float",)
    stepping = True

    def parse(self, text: str) -> Json:
        upper, _, lower = text.replace(MINUS, "-").replace(",", ".").replace(INFINITY, "inf").partition("/")
        try:
            number = float(upper) / (float(lower) if lower else 1.0)
        except (ValueError, ZeroDivisionError):
            raise UnreadableError(tr("Type a number, such as 0.5, 1/255 or 1e-3.")) from None
        if not math.isfinite(number) and (lower or not _INFINITE.fullmatch(upper.strip())):
            raise UnreadableError(tr("Type a finite number, such as 0.5 or 1e-3."))
        self.check_limits(number)
        return number

    def format(self, value: Json) -> str:
        return number_text(value)

    def canonical(self, value: Json) -> Json:
        return float(value) if isinstance(value, int | float) else value

    def step(self, value: Json, steps: int) -> Json:
        """One step changes the leading digit; where values are shares between 0 and 1, it is 0.05."""
        number = float(value if value is not None else self.parameter.minimum or 0.0)
        if not math.isfinite(number):
            return number
        low, high = self.parameter.minimum, self.parameter.maximum
        for _ in range(abs(steps)):
            size = _SHARE_STEP if (low, high) == (0, 1) else _leading_step(number, steps > 0)
            number = float(f"{number + math.copysign(size, steps):.12g}")
        number = max(number, low) if low is not None else number
        return float(min(number, high) if high is not None else number)


def _leading_step(number: float, up: bool) -> float:
    """The size of the leading digit; walking from a 1 towards zero a tenth of it, so that zero is never jumped to."""
    if number == 0:
        return 0.1
    size = 10.0 ** math.floor(math.log10(abs(number)) + 1e-9)
    towards_zero = up == (number < 0)
    return size / 10 if towards_zero and math.isclose(abs(number), size) else size


EDITOR = FloatEditor
