"""What is odd with data that can be trained on, as remarks. Each kind is a file in ``remarks/`` with a `REMARK`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final

from resources.registry import modules_with
from runtime.messages.checking import DataProblem
from runtime.splits import SplitSpec
from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import Source
from runtime.worker.data.split import Parts

_PACKAGE: Final = "runtime.worker.data.remarks"


@dataclass(frozen=True, slots=True)
class DataFacts:
    """Data that fits: of each input and output how its columns feed it, and which samples train."""

    source: Source
    fits: Sequence[Fit]
    samples: int
    parts: Parts
    split: SplitSpec

    @property
    def has_own_parts(self) -> bool:
        """Whether the data itself says which samples are in which part, and is asked for it."""
        return self.split.own_parts and any(self.source.parts().values())

    @property
    def inputs(self) -> list[Fit]:
        return [fitted for fitted in self.fits if not fitted.is_output]

    @property
    def outputs(self) -> list[Fit]:
        return [fitted for fitted in self.fits if fitted.is_output]


Remark = Callable[[DataFacts], Iterator[DataProblem]]


def oddities(facts: DataFacts) -> list[DataProblem]:
    """What all remarks find, in the order of their files."""
    return [problem for remark in _remarks() for problem in remark(facts)]


@cache
def _remarks() -> tuple[Remark, ...]:
    return tuple(module.REMARK for module in modules_with(import_module(_PACKAGE), "REMARK"))
