"""Samples that a script reads batch by batch, as Python source: where memory may not hold them, and the data can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from resources.python_code import batched
from resources.python_code.layout import assigned, comment, function, item_set, returned
from resources.python_code.parts import Loading, Preparing, RunWriter
from resources.python_code.pieces import FALSE, CallCode, Code, bounds, call, name, number, quoted, subscript, tuple_of
from resources.python_code.shuffled import AS_TENSORS

ABOUT: Final = "What the model takes of a batch: x and y."
READ_AT_ONCE: Final = "A step of it learns: this column is read at once."
_DATA: Final = name("data")


def whole(column: str) -> Code:
    """All samples of a column, be they read already or not."""
    return subscript(subscript(_DATA, quoted(column)), bounds(None, None, None))


@dataclass(frozen=True, slots=True)
class BatchesCode:
    """`each` are the steps that a batch goes through by itself; columns that `learn` of all
    samples at once are prepared once, in memory.
    """

    loading: Loading
    each: Preparing
    once: Preparing
    learn: Sequence[str]
    x: Code
    y: Code
    batch_size: int
    has_words: bool

    def functions(self) -> list[str]:
        lines = []
        if self.each.prepares:
            lines += assigned("data", call(name(batched.PREPARE_BATCH), _DATA, *self._layers))
        lines += [*assigned("x", self._samples(self.x)), *assigned("y", self._samples(self.y))]
        lines += returned(tuple_of([name("x"), name("y")]))
        helpers = dict.fromkeys([*self.once.functions, *self.each.functions])
        return [*helpers, function(batched.BATCH_OF, lines, given=self._given, about=ABOUT)]

    @property
    def _layers(self) -> list[Code]:
        return [name(batched.LAYERS)] if self.each.learns else []

    @property
    def _given(self) -> list[str]:
        return ["data", *([batched.LAYERS] if self.each.learns else [])]

    def _samples(self, code: Code) -> Code:
        return call(name(AS_TENSORS), code) if self.has_words else code

    @staticmethod
    def helpers(*, augments: bool, splits: bool) -> list[str]:
        return [
            batched.HELPER,
            *([batched.AUGMENTED_HELPER] if augments else []),
            *([batched.IN_BATCHES_HELPER] if splits else []),
        ]

    def lines(self, training: Code) -> list[str]:
        """Lines that prepare in `data` what learns."""
        lines: list[str] = []
        for column in self.learn:
            lines += [*comment(READ_AT_ONCE, 1), *item_set("data", quoted(column), whole(column))]
        if self.learn:
            lines += assigned("data", call(name("prepare"), _DATA, training))
        if self.each.learns:
            lines += assigned(batched.LAYERS, call(name(batched.LEARN), _DATA, training))
        return lines

    def part(self, rows: Code) -> Code:
        """The samples of a part that does not train; None where there are none."""
        return call(
            name(batched.IN_BATCHES), _DATA, rows, name(batched.BATCH_OF), number(self.batch_size), *self._layers
        )

    def samples(self, rows: Code, seed: int | None, *, shuffles: bool, augments: bool) -> Code:
        """Those that train."""
        how: dict[str, Code] = {"block": number(self.loading.block)}
        how |= {"seed": number(seed)} if seed is not None else {}
        how |= {} if shuffles else {"shuffle": FALSE}
        feed = batched.AUGMENTED if augments else batched.CLASS
        return CallCode(name(feed), (_DATA, rows, name(batched.BATCH_OF), number(self.batch_size), *self._layers), how)


def batches_code(
    writer: RunWriter,
    data: Mapping[str, Any],
    loading: Loading,
    columns: Sequence[str],
    ends: tuple[Code, Code],
    batch_size: int,
    *,
    has_words: bool,
) -> BatchesCode:
    """`columns` feed something, and `ends` are what `x` and `y` take of them."""
    prepared = {column: writer.preparing(data, [column]) for column in columns}
    learn = [column for column, steps in prepared.items() if steps.learns and not steps.in_blocks]
    others = [column for column in columns if column not in learn]
    each = writer.preparing(data, others, each_batch=True)
    once = writer.preparing(data, learn)
    return BatchesCode(loading, each, once, learn, *ends, batch_size, has_words)
