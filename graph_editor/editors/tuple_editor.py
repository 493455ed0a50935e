"""Several numbers: "3 × 3"."""

import json
import re

from graph_editor.catalog.specs import Json
from graph_editor.editors.parts.base import UnreadableError
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.wording import MINUS, TIMES, number_text, parameter_words
from resources.text import tr

_SEPARATORS = re.compile(rf"\s*[x{TIMES}*,;]\s*|\s+", re.IGNORECASE)
_JOINT = f" {TIMES} "


class TupleEditor(ParsedEditor):
    """Reads "3", "3x3", "3 × 3", "(3, 3)" and "3,3"; one number stands for all. Pairs inside are "(1, 1) × (2, 2)"."""

    kinds = ("tuple",)
    stepping = True

    def parse(self, text: str) -> Json:
        bare = text.replace(MINUS, "-").strip()
        if re.search(r"[(\[]", bare[1:]):
            return self._parse_nested(bare)
        items = [self._number(item) for item in _SEPARATORS.split(bare.strip("()[] ,")) if item]
        if not items:
            raise UnreadableError(self._example())
        for item in items:
            self.check_limits(item)
        length = self.parameter.length
        if length is None:
            return items[0] if len(items) == 1 and isinstance(self._value, int | float) else items
        if len(items) == 1:
            return items * length
        if len(items) != length:
            raise UnreadableError(
                tr("{name} takes {count} numbers.", name=parameter_words(self.parameter), count=length)
            )
        return items

    def format(self, value: Json) -> str:
        if not isinstance(value, list):
            return number_text(value) if isinstance(value, int | float) else str(value)
        return _JOINT.join(_item_text(item) for item in value) if value else "()"

    def canonical(self, value: Json) -> Json:
        length = self.parameter.length
        if isinstance(value, int | float) and length:
            return [value] * length
        return super().canonical(value)

    def step(self, value: Json, steps: int) -> Json:
        """All numbers change together."""
        if value is None:
            return self.parse(str(int(self.parameter.minimum or 1)))
        if isinstance(value, list):
            return [self.step(item, steps) for item in value]
        low, high = self.parameter.minimum, self.parameter.maximum
        if isinstance(value, float):
            number: float = round(value + steps * 0.1, 10)
        else:
            number = value + steps
        number = max(number, low) if low is not None else number
        number = min(number, high) if high is not None else number
        return int(number) if isinstance(value, int) else number

    def _number(self, text: str) -> float:
        try:
            return int(text)
        except ValueError:
            pass
        try:
            return float(text)
        except ValueError:
            raise UnreadableError(self._example()) from None

    def _parse_nested(self, text: str) -> Json:
        flat = re.sub(rf"\s*[x{TIMES}*]\s*", ",", text, flags=re.IGNORECASE)
        listed = flat.replace("(", "[").replace(")", "]")
        try:
            value = json.loads(f"[{listed}]")
        except ValueError:
            raise UnreadableError(self._example()) from None
        outer_brackets = len(value) == 1 and isinstance(value[0], list)
        return value[0] if outer_brackets else value

    def _example(self) -> str:
        length = self.parameter.length or 2
        return tr("Type whole numbers, such as {example}.", example=_JOINT.join(["3"] * length))


def _item_text(item: Json) -> str:
    if isinstance(item, list):
        return f"({', '.join(_item_text(inner) for inner in item)})"
    return number_text(item) if isinstance(item, int | float) else str(item)


EDITOR = TupleEditor
