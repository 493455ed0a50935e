"""What is known of a model and its training when rules look at it, and how the rules are found.

A rule is a file in ``rules/`` with a function ``RULE``, which yields what is wrong or odd. What Keras itself refuses is
no rule's concern.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.graph import Json, TensorRef
from resources.registry import modules_with

Shape = tuple[int | None, ...]  # the sample axis included
_PACKAGE: Final = "graph_editor.document.checking.rules"


@dataclass(frozen=True, slots=True)
class Tensor:
    shape: Shape
    dtype: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The columns that hold the truth of an output, or what an input gets, with their lowest and highest value.

    ``classes`` counts the classes of a column of words, or of one of whole numbers from 0 on.
    """

    column: str
    lowest: float | None = None
    highest: float | None = None
    classes: int | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """``document`` is what is built. ``tensor`` gives None for a tensor that Keras has not told anything about.

    ``outputs`` is what the training section says of each output by its name, with the suggested loss where there is
    none; ``truths`` is what is known of the data bound to outputs and inputs, ``samples`` how many there are.
    """

    document: Document
    catalog: Catalog
    tensor: Callable[[TensorRef], Tensor | None]
    outputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    truths: Mapping[str, Truth] = field(default_factory=dict)
    samples: int | None = None

    def shape(self, ref: TensorRef) -> Shape | None:
        tensor = self.tensor(ref)
        return tensor.shape if tensor is not None else None


Rule = Callable[[ModelFacts], Iterator[Problem]]


def found_by_rules(facts: ModelFacts) -> list[Problem]:
    """What all rules find, in the order of their files."""
    return [problem for rule in _rules() for problem in rule(facts)]


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(module.RULE for module in modules_with(import_module(_PACKAGE), "RULE"))
