"""Undo and redo: one gesture is one step."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from graph_editor.document.applied import Applied, FollowUp
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import AddGraph, AddOperation, Edit, SetPositions
from resources.text import Text

MOST_STEPS: Final = 1000
MOST_WEIGHT: Final = 500_000  # about 50 MB


@dataclass(frozen=True, slots=True)
class _Step:
    label: Text | str
    inverse: tuple[Edit, ...]  # in the order in which they have to be applied
    key: Hashable | None
    weight: int


def _weight(edit: Edit) -> int:
    """Return what it keeps in memory, in units of about a hundred bytes."""
    match edit:
        case SetPositions():
            return 2 + len(edit.positions)
        case AddOperation():
            return 20
        case AddGraph():
            return 10 + 25 * len(edit.graph.operations)
    return 5


def _step(label: Text | str, inverse: tuple[Edit, ...], key: Hashable | None) -> _Step:
    return _Step(label, inverse, key, sum(map(_weight, inverse)))


class History:
    """The one way to change a document. ``follow_ups`` work out what each step means for the rest of it, in turn.

    The last ``MOST_STEPS`` steps can be undone, fewer of those that each move or delete thousands of boxes; the very
    last one always. A canvas says under ``shown_at`` where it shows boxes for which the document has no place.
    """

    def __init__(
        self,
        document: Document,
        follow_ups: Iterable[FollowUp],
        most_steps: int = MOST_STEPS,
        most_weight: int = MOST_WEIGHT,
    ) -> None:
        self._document = document
        self._follow_ups = tuple(follow_ups)
        self.shown_at: Callable[[str], Point | None] = lambda _call: None
        self._most_steps, self._most_weight = most_steps, most_weight
        self._held = 0  # the weight of what is done
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._clean: int | None = 0  # how many steps were done when the file was saved; None: out of reach
        self._listeners: list[Callable[[], None]] = []
        self._travelling = False

    def do(
        self,
        label: Text | str,
        edits: Sequence[Edit],
        merge_key: Hashable | None = None,
    ) -> None:
        """Apply ``edits`` as one step, all or none.

        A step with the ``merge_key`` of the step before joins it, so that typing a number is one undo.
        Raises EditError, with the document as it was.
        """
        if not edits:
            return
        inverse = self._apply(edits, self._follow_ups)
        if self._clean is not None and self._clean > len(self._done):
            self._clean = None
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last and merge_key is not None and last.key == merge_key and self._clean != len(self._done):
            self._done[-1] = _step(last.label, (*inverse, *last.inverse), merge_key)
            self._held -= last.weight
        else:
            self._done.append(_step(label, inverse, merge_key))
        self._held += self._done[-1].weight
        self._forget_the_oldest()
        self._announce()

    def undo(self) -> None:
        self._travel(self._done, self._undone)

    def redo(self) -> None:
        self._travel(self._undone, self._done)

    @property
    def travelling(self) -> bool:
        """Whether what listeners are being told of was undone, or redone."""
        return self._travelling

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    @property
    def undo_label(self) -> str:
        return str(self._done[-1].label) if self._done else ""

    @property
    def redo_label(self) -> str:
        return str(self._undone[-1].label) if self._undone else ""

    @property
    def is_clean(self) -> bool:
        """Whether the document is as it was saved."""
        return self._clean == len(self._done)

    def mark_clean(self) -> None:
        self._clean = len(self._done)
        self._tell()

    def mark_changed(self) -> None:
        """Count as changed although nothing was done (a recovered file)."""
        self._clean = None
        self._tell()

    def clear(self) -> None:
        """Forget all steps; the document counts as saved."""
        self._done.clear()
        self._undone.clear()
        self._held = 0
        self.mark_clean()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _apply(self, edits: Sequence[Edit], follow_ups: Sequence[FollowUp] = ()) -> tuple[Edit, ...]:
        """Apply ``edits`` and what ``follow_ups`` add; return what undoes them, in the order to be applied."""
        done_edits: list[Edit] = []
        inverses: list[Edit] = []

        def apply(more: Sequence[Edit]) -> None:
            for edit in more:
                inverses.append(edit.apply(self._document))
                done_edits.append(edit)

        try:
            apply(edits)
            for follow_up in follow_ups:
                apply(follow_up(Applied(self._document, done_edits, inverses, self.shown_at)))
        except Exception:
            for edit in reversed(inverses):
                edit.apply(self._document)
            self._document.flush()
            raise
        return tuple(reversed(inverses))

    def _forget_the_oldest(self) -> None:
        count, steps_left = 0, len(self._done)
        while steps_left > 1 and (steps_left > self._most_steps or self._held > self._most_weight):
            self._held -= self._done[count].weight
            count, steps_left = count + 1, steps_left - 1
        del self._done[:count]
        if self._clean is not None:
            self._clean = self._clean - count if self._clean >= count else None

    def _travel(self, source: list[_Step], target: list[_Step]) -> None:
        if not source:
            return
        step = source[-1]
        inverse = self._apply(step.inverse)
        source.pop()
        target.append(_step(step.label, inverse, None))
        self._held += target[-1].weight if target is self._done else -step.weight
        self._travelling = True
        try:
            self._announce()
        finally:
            self._travelling = False

    def _announce(self) -> None:
        self._document.flush()
        self._tell()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
