"""Which columns go where without anybody's choice, and why the others are left to a person. Pure.

A name decides first, then the range of a class column, then the shape; what two columns, or two targets, could claim
alike is bound to neither. Last, the columns of numbers that are left go side by side into the input that takes so many.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.panels.data.state import Target, fits, likeness_to, says_classes
from app.panels.data.wording import wanted_text
from app.project.suggested import Section
from resources.plain import listed
from resources.text import Text, tr
from resources.training.sections import BINDINGS, bindings_of
from runtime.messages.describing import Column

_MOST_REASONS = 3
_MOST_COUNTS = 8  # of samples, that are tried
_TRUTHS = {
    "y",
    "target",
    "targets",
    "label",
    "labels",
    "class",
    "classes",
    "truth",
    "output",
}  # names of the one output


@dataclass(frozen=True, slots=True)
class AutoBinding:
    """`data` is the section with its bindings, `bound` what they newly feed; `reasons` say, by the name of a target,
    why nothing was bound to it."""

    data: dict[str, Any]
    bound: tuple[Target, ...]
    reasons: Mapping[str, Text]


def autobind(data: Section, targets: Sequence[Target], columns: Sequence[Column]) -> AutoBinding:
    """Feed what is not fed yet; bindings whose columns are gone count as none."""
    by_name = {column.name: column for column in columns}
    kept = {name: value for name, value in bindings_of(data).items() if value and set(value) <= by_name.keys()}
    used = [by_name[value[0]].samples for name, value in kept.items() if any(name == each.name for each in targets)]
    # What is bound already says how many samples there are; else what is most, such as the part that trains.
    counts = used[:1] or sorted({column.samples for column in columns}, reverse=True)[:_MOST_COUNTS] or [0]
    facts = {target.name: _Facts.of(target, columns) for target in targets if target.name not in kept}
    attempts = [_Attempt(kept, targets, columns, count, facts) for count in counts]
    best = max(attempts, key=lambda attempt: len(attempt.present))
    section = copy.deepcopy(dict(data))
    section[BINDINGS] = {name: list(value) for name, value in best.present.items()}
    new = tuple(target for target in targets if target.name in best.present and target.name not in kept)
    return AutoBinding(section, new, {target.name: best.reason(target) for target in best.open})


def notice_of(found: AutoBinding) -> str:
    """What was bound and what was not, in a sentence or a few; each reason stands at its row, too."""
    parts = []
    if found.bound:
        parts.append(tr("Bound: {names}.", names=listed([target.shown_name for target in found.bound])))
    elif not found.reasons:
        return tr("Every input and output has its column already.")
    for name, reason in list(found.reasons.items())[:_MOST_REASONS]:
        parts.append(tr("{name} is not bound. {reason}", name=name, reason=reason))
    if len(found.reasons) > _MOST_REASONS:
        parts.append(tr("{count} more are not bound; why stands at each.", count=len(found.reasons) - _MOST_REASONS))
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a target and all columns, looked up once: there may be thousands. By the names of columns."""

    fitting: tuple[Column, ...]
    telling: frozenset[str]  # of those the ones whose values say that they belong there
    alike: Mapping[str, int]

    @staticmethod
    def of(target: Target, columns: Sequence[Column]) -> _Facts:
        fitting = tuple(column for column in columns if fits(target, column))
        telling = frozenset(column.name for column in fitting if says_classes(target, column))
        likeness = likeness_to(target)
        alike = {column.name: likeness(column.name) for column in columns}
        return _Facts(fitting, telling, alike)


class _Attempt:
    """Binds columns of `samples` samples."""

    def __init__(
        self,
        kept: Mapping[str, tuple[str, ...]],
        targets: Sequence[Target],
        columns: Sequence[Column],
        samples: int,
        facts: Mapping[str, _Facts],
    ) -> None:
        self.present = dict(kept)
        self._facts = facts
        self._targets = targets
        self._columns = columns
        self._samples = samples
        for most in (0, 1, 2):
            self._settle(most)
        for target in self.open:
            alike = self._facts[target.name].alike
            self._take_side_by_side(target, [column for column in self._numbers if alike[column.name] <= 2])
        while self._settle(None) or self._take_named_truth():
            continue
        wide = [target for target in self.open if self._width(target) is not None]
        if len(wide) == 1 and not self._claimed(wide[0]):
            self._take_side_by_side(wide[0], self._numbers)
            self._settle(None)

    @property
    def open(self) -> list[Target]:
        return [target for target in self._targets if target.name not in self.present]

    def _free(self, columns: Sequence[Column]) -> list[Column]:
        """Those that feed nothing yet, and go with the others."""
        used = {name for value in self.present.values() for name in value}
        return [column for column in columns if column.name not in used and column.samples == self._samples]

    @property
    def _numbers(self) -> list[Column]:
        """Of those that are free the ones that can stand side by side, in the order of the file."""
        return [column for column in self._free(self._columns) if _is_number(column)]

    def _settle(self, alike: int | None) -> bool:
        """Bind each target that one column alone is for, by a name so much alike, or by shape and range."""
        asked = {target.name: self._candidates(target, alike) for target in self.open}
        single = {name: found[0].name for name, found in asked.items() if len(found) == 1}
        claims = list(single.values())
        settled = {name: (column,) for name, column in single.items() if claims.count(column) == 1}
        self.present |= settled
        return bool(settled)

    def _candidates(self, target: Target, alike: int | None) -> list[Column]:
        if target.shape is None and alike is None:
            return []
        facts = self._facts[target.name]
        fitting = self._free(facts.fitting)
        if alike is not None:
            return [column for column in fitting if facts.alike[column.name] == alike]
        if target.role == "input":  # words become numbers there by the alphabet: nothing to do unasked
            return [column for column in fitting if target.words or not column.categories]
        return [column for column in fitting if column.name in facts.telling] or fitting

    def _take_named_truth(self) -> bool:
        """Bind the one output that is open to the one column whose name says that it is the truth."""
        outputs = [target for target in self.open if target.role == "output"]
        if len(outputs) != 1:
            return False
        found = [column for column in self._candidates(outputs[0], None) if _last_part(column) in _TRUTHS]
        if len(found) != 1:
            return False
        self.present[outputs[0].name] = (found[0].name,)
        return True

    def _take_side_by_side(self, target: Target, numbers: Sequence[Column]) -> None:
        if self._width(target) == len(numbers):
            self.present[target.name] = tuple(column.name for column in numbers)

    def _width(self, target: Target) -> int | None:
        """How many columns fill the target, where several are needed and none fits by itself."""
        if target.shape is None or target.words or target.classes is not None or None in target.shape:
            return None
        if target.role == "output" and len(target.shape) != 1:
            return None
        rows = target.window if target.window and target.shape[:1] == (target.window,) else 1
        count = math.prod(size for size in target.shape if size is not None) // rows
        return count if count > 1 and not self._candidates(target, None) else None

    def _claimed(self, target: Target) -> Target | None:
        """The open output that one of the numbers may be the truth of."""
        outputs = [other for other in self.open if other.role == "output" and other is not target]
        return next((other for other in outputs if any(map(_is_number, self._candidates(other, None)))), None)

    # why not

    def reason(self, target: Target) -> Text:
        """Why nothing is bound to the target."""
        if target.shape is None:
            return Text("The shape that the model wants here is not known yet.")
        found = self._candidates(target, None)
        if len(found) > 1:
            names = listed([column.name for column in found])
            return Text.of("{count} columns fit alike; choose one: {columns}.", count=len(found), columns=names)
        if found:
            return self._contested(target, found[0])
        return self._of_several(target) or self._of_others(target)

    def _contested(self, target: Target, column: Column) -> Text:
        others = (other for other in self.open if other is not target and column in self._candidates(other, None))
        other = next(others, target)
        return Text.of(
            "{column} fits {other} just as well; choose where it belongs.", column=column.name, other=other.shown_name
        )

    def _of_several(self, target: Target) -> Text | None:
        width, numbers = self._width(target), self._numbers
        if width is None or not numbers:
            return None
        if len(numbers) == 1:
            return Text.of("It takes {count} numbers, but only {column} is left.", count=width, column=numbers[0].name)
        if len(numbers) < width:
            return Text.of(
                "It takes {count} numbers, but {have} columns of numbers are left.", count=width, have=len(numbers)
            )
        claimed = self._claimed(target)
        if claimed is not None:
            return Text.of(
                "Columns of numbers can stand here side by side; choose the column of {output} first.",
                output=claimed.shown_name,
            )
        if len(numbers) != width:
            return Text.of(
                "It takes {count} numbers, but {have} columns of numbers are left; choose those that belong here.",
                count=width,
                have=len(numbers),
            )
        return Text.of(
            "{count} columns of numbers are left, and more than one input or output takes so many.", count=width
        )

    def _of_others(self, target: Target) -> Text:
        """Of the columns that hold words, that are used already, or have another number of samples."""
        fitting = self._facts[target.name].fitting
        for column in self._free(fitting)[:1]:
            return Text.of("{column} holds words, which become numbers only if you choose it.", column=column.name)
        for column in fitting:
            user = next((each for each in self._targets if column.name in self.present.get(each.name, ())), None)
            if user is not None:
                return Text.of(
                    "{column} fits, but is bound to {other} already.", column=column.name, other=user.shown_name
                )
        if fitting:
            return Text.of(
                "{column} fits, but has {have} samples where the others have {count}.",
                column=fitting[0].name,
                have=fitting[0].samples,
                count=self._samples,
            )
        return Text.of("No column is what the model wants here: {shape}.", shape=wanted_text(target))


def _is_number(column: Column) -> bool:
    single = all(size == 1 for size in column.shape)
    return single and column.kind in ("number", "category") and not column.categories


def _last_part(column: Column) -> str:
    return column.name.lower().rsplit("/", 1)[-1]
