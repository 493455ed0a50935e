"""Which samples train, validate and test as Python source: what Keras' `validation_split` does not say."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph_editor.exporters.code.batches import BatchesCode, whole
from resources.python_code import shared
from resources.python_code.batched import PRINT_TEST_HELPER as PRINT_BATCHES_HELPER
from resources.python_code.layout import assigned, done
from resources.python_code.parts import PART
from resources.python_code.pieces import (
    SLICE,
    Code,
    attribute,
    call,
    library,
    list_of,
    literal,
    name,
    number,
    quoted,
    subscript,
    tuple_of,
)
from resources.python_code.shuffled import AS_TENSORS
from resources.training.setting import Setting
from resources.training.settings.split import COLUMN, GROUP, LAST, RANDOM, STRATIFIED, TIME
from resources.training.settings.split import SETTING as SPLIT
from resources.training.settings.split_column import SETTING as SPLIT_COLUMN
from resources.training.settings.split_seed import SETTING as SPLIT_SEED
from resources.training.settings.test_percent import SETTING as TEST_PERCENT
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT

HELPERS: Final[Mapping[str, tuple[str, ...]]] = {
    LAST: ("parts_in_order",),
    RANDOM: ("parts_in_order", "parts_at_random"),
    STRATIFIED: ("parts_by_class", "spread_evenly", "label_columns"),
    GROUP: ("parts_by_group",),
    TIME: ("parts_in_order", "parts_by_time"),
    COLUMN: ("parts_in_order", "parts_at_random", "parts_by_column", "part_numbers", "words_of_parts"),
}
OWN_PARTS: Final = ("left_to_split", "with_own_parts")
ROWS_OF_HELPER: Final = '''def part_of(arrays, rows):
    """Return these rows of all arrays, which are nested as before."""
    return keras.tree.map_structure(lambda array: array[rows], arrays)
'''
# The same where data has parts of its own, which may or may not be there.
ROWS_OR_NONE_HELPER: Final = '''def part_of(arrays, rows):
    """Return these rows of all arrays, which are nested as before; None where there are none."""
    return keras.tree.map_structure(lambda array: array[rows], arrays) if len(rows) else None
'''
PRINT_TEST_HELPER: Final = '''def print_test(model, test):
    """Print the loss and the metrics of the samples for the test, if there are any."""
    if test is not None:
        print("test:", model.evaluate(*test))
'''
# What a script that splits calls its own.
NAMES: Final = (
    "parts", "left", "of_the_rest", "test", "validation", "part_of", "print_test", "part_sizes", *OWN_PARTS,
    *dict.fromkeys(helper for helpers in HELPERS.values() for helper in helpers),
)  # fmt: skip


class SplitCode:
    """Of the data section of a project; `truths` are the columns of all outputs.

    `learns`: something learns of the training part before `fit`, which has to be told apart by then.
    `own_parts`: the column `PART` says which samples the data itself puts into a part, if it does so.
    `windowed`: samples are windows, of which a part may hold none.
    `batches`: samples are read batch by batch.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        truths: Sequence[str],
        *,
        learns: bool = False,
        own_parts: bool = False,
        windowed: bool = False,
        batches: BatchesCode | None = None,
    ) -> None:
        self._data, self._truths, self._batches = data, truths, batches
        self._learns = learns or windowed or batches is not None
        self._way = self._said(SPLIT)
        self._own_parts = own_parts and self._way != COLUMN  # what a column says comes before
        self._may_be_empty = self._own_parts or windowed
        self._column = self._said(SPLIT_COLUMN)

    def _said(self, setting: Setting[Any]) -> Any:
        return setting.sound(self._data)

    @property
    def validates(self) -> bool | None:
        """None: it turns out when the data is read, and `validation` may be None then."""
        return bool(self._said(VALIDATION_PERCENT)) or self._way == COLUMN or (None if self._own_parts else False)

    @property
    def _tests(self) -> bool:
        return bool(self._said(TEST_PERCENT))

    @property
    def _prints_test(self) -> bool:
        """Whether it turns out when the data is read if there are samples for a test."""
        return self._own_parts or (self._tests and (self._may_be_empty or self._batches is not None))

    @property
    def _divides(self) -> bool:
        """Whether samples that the data puts into no part are split."""
        return self._tests or bool(self.validates)

    @property
    def needed(self) -> bool:
        """Whether more is to be written than a `validation_split`."""
        divides = self._tests or (bool(self.validates) and (self._way != LAST or self._learns))
        return self._own_parts or divides

    @property
    def training(self) -> Code:
        """The rows that train, in the variable `data`."""
        return self._part(0) if self.needed else call(SLICE, literal(None))

    @property
    def columns(self) -> tuple[str, ...]:
        """What else of the data is read for it."""
        uses_column = self._divides and self._way in (STRATIFIED, GROUP, TIME, COLUMN) and self._column
        return (self._column,) if uses_column else ()

    @property
    def reads_words(self) -> bool:
        return self.needed and self._way == COLUMN

    @property
    def functions(self) -> list[str]:
        if not self.needed:
            return []
        used = [*(HELPERS[self._way] if self._divides else ()), *(OWN_PARTS if self._own_parts else ())]
        sizes = shared.definitions("part_sizes.py", ["part_sizes"]) if self._divides else []
        rows = [ROWS_OR_NONE_HELPER if self._may_be_empty else ROWS_OF_HELPER] if self._batches is None else []
        if self._prints_test:
            rows.append(PRINT_TEST_HELPER if self._batches is None else PRINT_BATCHES_HELPER)
        return [*sizes, *shared.definitions("splits.py", used), *rows]

    def parts(self) -> list[str]:
        """Lines that tell the parts by what is in `data`."""
        if not self.needed:
            return []
        return self._own_lines() if self._own_parts else assigned("parts", self._parts())

    def parted(self) -> list[str]:
        """Lines that leave in `x` and `y` what trains, and put the other parts into `validation` and `test`."""
        if not self.needed:
            return []
        lines: list[str] = []
        if self.validates is not False:
            lines += assigned("validation", self._samples(1))
        if self._tests or self._own_parts:
            lines += assigned("test", self._samples(2))
        for variable in ("x", "y") if self._batches is None else ():
            lines += assigned(variable, call(name("part_of"), name(variable), self._part(0)))
        return lines

    def _samples(self, place: int) -> Code:
        if self._batches is not None:
            return self._batches.part(self._part(place))
        return call(name("part_of"), tuple_of([name("x"), name("y")]), self._part(place))

    def _own_lines(self) -> list[str]:
        """The parts that the data has, and what is split of the others."""
        part = _column(PART)
        lines = assigned("parts", call(name("with_own_parts"), part))
        if self._divides:
            percents = [number(self._said(VALIDATION_PERCENT)), number(self._said(TEST_PERCENT))]
            lines += assigned("left", call(name("left_to_split"), part, *percents))
            lines += assigned("of_the_rest", self._parts())
            lines += assigned("parts", call(name("with_own_parts"), part, name("of_the_rest")))
        return lines

    def after_fit(self, *, has_words: bool = False) -> list[str]:
        if self._prints_test:
            as_arrays = has_words and self._batches is None
            tensors = assigned("test", call(name(AS_TENSORS), name("test"))) if as_arrays else []
            return [*tensors, *done(call(name("print_test"), name("model"), name("test")))]
        if not self._tests:
            return []
        lines = assigned("test", call(name(AS_TENSORS), name("test"))) if has_words else []
        figures = call(attribute(name("model"), "evaluate"), *(self._of_test(place) for place in (0, 1)))
        return [*lines, *done(call(name("print"), quoted("test:"), figures))]

    def _of_test(self, place: int) -> Code:
        return subscript(name("test"), number(place))

    def _part(self, place: int) -> Code:
        return subscript(name("parts"), number(place))

    def _parts(self) -> Code:
        percents: list[Code] = [number(self._said(VALIDATION_PERCENT)), number(self._said(TEST_PERCENT))]
        read = _column if self._batches is None else whole
        columns = [read(column) for column in ([self._column] if self._column else self._truths)]
        count = call(name("len"), _column(self._truths[0]))
        if self._own_parts:
            percents = [subscript(name("left"), number(place)) for place in (0, 1)]
            columns = [subscript(column, self._part(0)) for column in columns]
            count = call(name("len"), self._part(0))
        seed = number(self._said(SPLIT_SEED))
        if self._way == LAST:
            return call(name("parts_in_order"), call(library("np.arange"), count), *percents)
        if self._way == RANDOM:
            return call(name("parts_at_random"), count, *percents, seed)
        if self._way == STRATIFIED:
            labels = call(name("label_columns"), list_of(columns))
            return call(name("parts_by_class"), labels, *percents, seed)
        if self._way == COLUMN:
            words = call(attribute(call(name("words_in"), columns[0]), "reshape"), number(-1))
            return call(name("parts_by_column"), words, *percents, seed)
        values = call(attribute(columns[0], "reshape"), number(-1))
        if self._way == GROUP:
            return call(name("parts_by_group"), values, *percents, seed)
        return call(name("parts_by_time"), values, *percents)


def _column(column: str) -> Code:
    return subscript(name("data"), quoted(column))
