"""The base of editors whose value is typed as text."""

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor, UnreadableError
from graph_editor.editors.parts.several import SEVERAL, several_text
from graph_editor.editors.parts.step_line import StepLine
from graph_editor.editors.parts.wording import number_text, parameter_words, plain
from resources.text import tr


class ParsedEditor(ParameterEditor):
    """A subclass says how its value is read and written, and, where `stepping`, what one step is."""

    stepping: ClassVar[bool] = False

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.line = StepLine(self.stepping)
        self._install(self.line)
        self.line.committed.connect(self._on_committed)
        self.line.stepped.connect(self._on_stepped)
        self.line.abandoned.connect(self._show)
        self.line.typed.connect(self._on_typed)

    def parse(self, text: str) -> Json:
        """The value that `text` (stripped, not empty) means; raises UnreadableError."""
        raise NotImplementedError

    def format(self, value: Json) -> str:
        """The text for a value that is not None."""
        raise NotImplementedError

    def step(self, value: Json, steps: int) -> Json:
        """The value `steps` steps on; raises UnreadableError where there is none."""
        raise NotImplementedError

    def _fill(self) -> None:
        self._value = None
        self.line.start_afresh()

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = plain(value)
        self._show()

    def commit(self) -> None:
        self._on_committed(self.line.text())

    def check_limits(self, number: float) -> None:
        """Raises UnreadableError for a number outside the parameter's limits."""
        low, high = self.parameter.minimum, self.parameter.maximum
        name = parameter_words(self.parameter)
        if low is not None and number < low:
            raise UnreadableError(tr("{name} cannot be less than {limit}.", name=name, limit=number_text(_neat(low))))
        if high is not None and number > high:
            raise UnreadableError(tr("{name} cannot be more than {limit}.", name=name, limit=number_text(_neat(high))))

    def _read(self, text: str) -> Json:
        stripped = text.strip()
        if stripped:
            return self.parse(stripped)
        return self.parse_empty()

    def parse_empty(self) -> Json:
        """Return what no text at all means."""
        if self.parameter.nullable:
            return None
        raise UnreadableError(tr("{name} needs a value.", name=parameter_words(self.parameter)))

    def _show(self) -> None:
        several = self._value is SEVERAL
        self.line.set_placeholder(several_text() if several else self.parameter.none_title)
        self.line.show_text("" if several or self._value is None else self.format(self._value))
        self._complain("")

    def _on_typed(self, text: str) -> None:
        if self.reason:
            try:
                self._read(text)
            except UnreadableError:
                return
            self._complain("")

    def _on_committed(self, text: str) -> None:
        if not self.line.pending and not self.reason:
            return
        try:
            value = self._read(text)
        except UnreadableError as error:
            self._complain(str(error))
            return
        self._take(value)

    def _on_stepped(self, steps: int) -> None:
        if self._value is SEVERAL and not self.line.text():
            return  # there is no one value to go on from
        try:
            value = self.step(self._read(self.line.text()), steps)
        except UnreadableError as error:
            self._complain(str(error))
            return
        self._take(value)

    def _take(self, value: Json) -> None:
        changed = self._value is SEVERAL or value != self._value or type(value) is not type(self._value)
        self._value = value
        self._show()
        if changed:
            self.edited.emit(value)


def _neat(number: float) -> float:
    return int(number) if float(number).is_integer() else number
