"""What is missing, how many different values there are, mean and deviation."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.dates import date_text, day_text
from resources.text import Text
from runtime.messages.profiling import Fact, ProfilePart
from runtime.worker.data.profile.looked import Looked

ORDER: Final = 50


def _facts(looked: Looked) -> Iterator[ProfilePart]:
    seen = len(looked.rows)
    if not seen:
        return
    missing = _missing(looked)
    if missing:
        share = Text.of("{count} of {samples}", count=f"{missing:,}", samples=f"{seen:,}")
        yield Fact(Text("missing"), share, odd=True)
    if looked.is_scalar:
        different = len(set(looked.texts) - {""}) if looked.texts is not None else len(np.unique(looked.numbers))
        yield Fact(Text("different values"), f"{different:,}", odd=different <= 1)
    if looked.column.kind not in ("category", "text", "audio") and looked.numbers.size:
        low, high, mean = (
            float(found) for found in (looked.numbers.min(), looked.numbers.max(), looked.numbers.mean())
        )
        if looked.column.kind == "date":  # seconds since 1970 say nothing to people, and those of a deviation neither
            yield Fact(Text("least and greatest"), f"{_date(date_text(low), low)} … {_date(date_text(high), high)}")
            yield Fact(Text("mean"), _date(day_text(mean), mean))
            return
        yield Fact(Text("least and greatest"), f"{low:.4g} … {high:.4g}")
        yield Fact(Text("mean"), f"{mean:.4g}")
        yield Fact(Text("deviation"), f"{float(looked.numbers.std()):.4g}")


def _date(text: str | None, seconds: float) -> str:
    return f"{seconds:.4g}" if text is None else text


def _missing(looked: Looked) -> int:
    if looked.texts is not None:
        return sum(1 for text in looked.texts if not text)
    if looked.values.dtype.kind != "f":
        return 0
    return int(np.isnan(looked.values.reshape(len(looked.values), -1)).any(axis=1).sum())


PROFILE = _facts
