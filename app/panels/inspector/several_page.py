"""The inspector's page for several selected boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.engine.wording import count_text
from app.panels.inspector.common import set_for_all, spec_in_common, values_in_common
from app.panels.inspector.freeze_help import normalizes, several_inference_sentence
from app.panels.inspector.mode_section import ModeSection
from app.panels.inspector.parameters import ParameterSections
from app.panels.widgets.sentence import sentence
from app.panels.widgets.stat_tile import StatTile
from app.project.session import Session
from graph_editor.catalog.specs import Json, LayerSpec
from graph_editor.document.changes.freezing import learning
from graph_editor.document.graph import Graph, Operation
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.wording import parameter_words
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr

_MOST_CLASSES = 4


class SeveralPage(QWidget):
    """What several boxes have in common, edited for all of them at once; a shared layer counts once."""

    def __init__(self, session: Session, context: EditorContext) -> None:
        super().__init__()
        self._session = session
        self._calls: tuple[str, ...] = ()
        self._found: list[tuple[Graph, Operation]] = []
        self._operations: list[Operation] = []
        self._spec: LayerSpec | None = None
        self._visit = 0  # steps of one visit of a control merge into one undo
        self._title = sentence(name="several_title", role="title")
        self._classes = sentence(name="several_classes")
        self._frozen = sentence(name="several_frozen")
        self._inference = sentence(name="several_inference")
        self._nothing = sentence(tr("They have no parameter in common."), "several_nothing")
        self._together = sentence(tr("What is changed below is set for all of them."), "several_together")
        self._tile = StatTile(tr("Parameters"), "several_parameters")
        self.freeze = self._button("several_freeze", tr("Freeze all"), True)
        self.unfreeze = self._button("several_unfreeze", tr("Unfreeze all"), False)
        self.modes = ModeSection(session, "several_")
        self.sections = ParameterSections(context)
        self.sections.edited.connect(self._on_edited)
        self._lay_out()

    def show_calls(self, calls: tuple[str, ...]) -> None:
        """Turn to other boxes."""
        self._calls = calls
        self._read()
        self._show_sections(afresh=True)
        self._show_rest()

    def refresh(self) -> None:
        """Show what is known of the boxes now."""
        before = [operation.id for operation in self._operations]
        self._read()
        self._show_sections(afresh=before != [operation.id for operation in self._operations])
        self._show_rest()

    def commit(self) -> None:
        """Take over what was typed but not confirmed."""
        if self._spec is not None:
            self.sections.commit()

    def begin_visit(self) -> None:
        """The keyboard came to another control: what follows is another undo step."""
        self._visit += 1

    def _read(self) -> None:
        """The operations of the selected boxes, each once, graph by graph: they mostly lie in one."""
        by_id: dict[str, tuple[Graph, Operation]] = {}
        left: Sequence[str] = self._calls
        for graph in self._session.document.graphs.values():
            calls, operations = graph.calls, graph.operations
            here = {calls[call].operation: None for call in left if call in calls}
            by_id |= {key: (graph, operations[key]) for key in here}
            left = [call for call in left if call not in calls]
            if not left:
                break
        self._found = list(by_id.values())
        self._operations = [operation for _, operation in self._found]

    def _show_sections(self, afresh: bool) -> None:
        catalog, before = self._session.catalog, self._spec
        self._spec = spec_in_common(catalog, self._operations)
        self.sections.setVisible(self._spec is not None)
        self._together.setVisible(self._spec is not None)
        self._nothing.setVisible(self._spec is None and bool(self._operations))
        if self._spec is None:
            return
        together = Operation("", self._spec.class_name, values_in_common(catalog, self._operations, self._spec))
        if afresh or self._spec != before:
            self.sections.show_operation(together, self._spec)
        else:
            self.sections.refresh(together)

    def _show_rest(self) -> None:
        document = self._session.document
        freezable = self._freezable()
        frozen = len(freezable) - len(learning(document, freezable))
        self._title.setText(tr("{count} boxes selected", count=len(self._calls)))
        self._classes.setText(self._class_text())
        self._frozen.setText(
            tr("{frozen} of {count} layers with weights are frozen.", frozen=frozen, count=len(freezable))
        )
        self._tile.set_value(count_text(self._count()))
        self.modes.show_calls(tuple(call for call in self._calls if document.has_call(call)))
        self.freeze.setEnabled(frozen < len(freezable))
        self.unfreeze.setEnabled(bool(frozen))
        self._inference.setVisible(normalizes(self._operations))
        self._inference.setText(several_inference_sentence())

    def _class_text(self) -> str:
        """Return which layers they are, the most frequent first."""
        catalog = self._session.catalog
        classes = Counter((operation.class_name, operation.module) for operation in self._operations)
        words = []
        for (class_name, module), count in classes.most_common(_MOST_CLASSES):
            spec = catalog.layer(class_name, module)
            name = spec.shown_name if spec else class_name
            words.append(f"{name} × {count}" if count > 1 else name)
        return ", ".join(words) + (", …" if len(classes) > _MOST_CLASSES else "")

    def _count(self) -> int:
        """The parameters that are built of all these operations, in whichever of their boxes Keras counts them."""
        session, left_out = self._session, self._session.built_model.left_out
        uses = [use for graph, operation in self._found for use in graph.calls_of(operation.id)]
        told = (session.inference.weights_told(use) for use in uses if use not in left_out)
        return sum(result.parameters for result in told if result is not None)

    def _freezable(self) -> list[Operation]:
        has_weights = self._session.freezing.has_weights.within
        return [item for graph, item in self._found if not item.trainable or has_weights(graph, item)]

    def _button(self, name: str, text: str, frozen: bool) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        set_spoken_name(button, text)
        button.clicked.connect(lambda: self._set_frozen(frozen))
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 14, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self._classes)
        layout.addWidget(self._tile)
        layout.addWidget(self._frozen)
        layout.addLayout(buttons)
        buttons.addWidget(self.freeze)
        buttons.addWidget(self.unfreeze)
        layout.addWidget(self.modes)
        layout.addWidget(self._inference)
        layout.addWidget(self._nothing)
        layout.addWidget(self._together)
        layout.addWidget(self.sections)
        layout.addStretch(1)

    def _set_frozen(self, frozen: bool) -> None:
        self._read()
        self._session.freezing.set_frozen([layer.id for layer in self._freezable()], frozen)

    def _on_edited(self, key: str, value: Json) -> None:
        parameter = self._spec.parameter(key) if self._spec else None
        if parameter is None:
            return
        self._read()
        edits = set_for_all(self._session.document, self._operations, parameter, value)
        count = len(self._operations)
        label = Text("Set {parameter} of {count} layers", {"parameter": parameter_words(parameter), "count": count})
        self._session.edit(label, edits, ("several", self._calls, key, self._visit))
