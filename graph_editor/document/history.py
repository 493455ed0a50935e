"""Undo and redo: one gesture is one step."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from graph_editor.document.document import Document
from graph_editor.document.edits import Edit
from graph_editor.document.wire_dots import what_follows
from resources.text import Text


@dataclass(frozen=True, slots=True)
class _Step:
    label: Text | str
    inverse: tuple[Edit, ...]  # in the order in which they have to be applied
    key: Hashable | None


class History:
    """The one way to change a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
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
        inverse = self._apply(edits, complete=True)
        if self._clean is not None and self._clean > len(self._done):
            self._clean = None
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last and merge_key is not None and last.key == merge_key and self._clean != len(self._done):
            self._done[-1] = _Step(last.label, (*inverse, *last.inverse), merge_key)
        else:
            self._done.append(_Step(label, inverse, merge_key))
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
        self.mark_clean()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _apply(self, edits: Sequence[Edit], complete: bool = False) -> tuple[Edit, ...]:
        """What undoes ``edits``; ``complete`` makes with them what goes with them, whoever made them."""
        inverse: list[Edit] = []
        try:
            for edit in edits:
                inverse.append(edit.apply(self._document))
            changes = self._document.changes
            if complete and (changes.wires or changes.graphs or changes.moved):
                for edit in what_follows(self._document, tuple(inverse)):
                    inverse.append(edit.apply(self._document))
        except Exception:
            for edit in reversed(inverse):
                edit.apply(self._document)
            self._document.flush()
            raise
        return tuple(reversed(inverse))

    def _travel(self, source: list[_Step], target: list[_Step]) -> None:
        if not source:
            return
        step = source[-1]
        inverse = self._apply(step.inverse)
        source.pop()
        target.append(_Step(step.label, inverse, None))
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
