"""Whole numbers, as steps need them that look numbers up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.step_samples import Array, StepError

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")


def whole_numbers(values: Array, step: Text) -> Array:
    """int64. Raises StepError for a fraction and for a missing value."""
    if values.dtype.kind != "f":
        return values.astype(np.int64)
    odd = ~(values == np.floor(values)) | (np.abs(values) >= 2.0**63)
    if odd.any():
        value = float(values.reshape(-1)[int(np.argmax(odd.reshape(-1)))])
        text = (
            Text.of("{step}: a value is missing. Fill or drop missing ones before it.", step=step)
            if np.isnan(value)
            else Text.of("{step} takes whole numbers, but {value} comes to it.", step=step, value=f"{value:g}")
        )
        raise StepError(text)
    return values.astype(np.int64)
