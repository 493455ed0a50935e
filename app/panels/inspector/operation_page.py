"""The inspector's page for one selected box."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.engine.wording import bytes_text, cost_sentence, count_text, shape_text
from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.inspector.facts import Facts, facts_of, problems_of
from app.panels.inspector.freeze_help import freeze_sentence
from app.panels.inspector.keras_name import KerasName
from app.panels.inspector.linked import linked_parameters
from app.panels.inspector.literal_rows import LiteralRows
from app.panels.inspector.mode_section import ModeSection
from app.panels.inspector.model_section import ModelSection
from app.panels.inspector.name_field import NameField
from app.panels.inspector.parameters import ParameterSections
from app.panels.inspector.problem_card import ProblemCard
from app.panels.widgets.labelled_switch import LabelledSwitch
from app.panels.widgets.sentence import sentence
from app.panels.widgets.stat_tile import StatTile
from app.project.session import Session
from graph_editor.catalog.specs import Json, LayerSpec
from graph_editor.document.changes import commands
from graph_editor.document.changes.literals import set_literal
from graph_editor.document.changes.shared_layers import other_places
from graph_editor.document.graph import ArgumentPath, TensorRef
from graph_editor.document.nesting import frozen_model
from graph_editor.document.vocabulary import vocabularies
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.wording import parameter_words
from graph_editor.words.literal import on_button
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import Text, tr

_WORDS_SHOWN = 8
_NAME_MARGINS = 60  # of the page, the bar and the field, all together


class OperationPage(QWidget):
    def __init__(self, session: Session, context: EditorContext, look: ThemeSource) -> None:
        super().__init__()
        self._session = session
        self._look = look
        self._call = ""
        self._operation = ""
        self._spec: LayerSpec | None = None
        self._visit = 0  # steps of one visit of a control merge into one undo; the inspector counts visits
        self._head = QGridLayout()
        self._link_below = False
        self._bar = QFrame()
        self._bar.setFixedWidth(4)
        self.name = NameField("layer_name", tr("Name of the layer"), self._rename)
        self.keras_name = KerasName("keras_name", self._rename_for_keras)
        self.link = self._class_link()
        self._help = sentence(name="inspector_help")
        self.problems = ProblemCard()
        self.shape_tile = StatTile(tr("Output"), "tile_output")
        self.count_tile = StatTile(tr("Parameters"), "tile_parameters")
        self.freeze = LabelledSwitch(tr("Freeze this layer"), "freeze_switch")
        self._freeze_help = sentence(name="freeze_help")
        self._shared = sentence(name="shared_note")
        self._words = sentence(name="vocabulary_note")
        self._outputs = QVBoxLayout()
        self.output_switches: list[LabelledSwitch] = []
        self.literals = LiteralRows(context)
        self.sections = ParameterSections(context)
        self.model = ModelSection(session)
        self.modes = ModeSection(session)
        self._lay_out()
        self.problems.mend_requested.connect(session.mend)
        self.freeze.switched.connect(self._on_freeze_switched)
        self.literals.edited.connect(self._on_literal_edited)
        self.sections.edited.connect(self._on_parameter_edited)
        look.follow(self._on_theme)

    def show_call(self, call_id: str) -> None:
        """Turn to another box."""
        self._call = call_id
        facts = facts_of(self._session, call_id)
        self._operation, self._spec = facts.operation.id, facts.spec
        self.name.show_name(facts.operation.shown_name)
        self.keras_name.show_name(facts.operation.title, facts.operation.name)
        self.sections.setVisible(not facts.is_model)
        if not facts.is_model:
            self.sections.show_operation(facts.operation, facts.spec)
        self._show_class(facts)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known of the box now."""
        if not self._session.document.has_call(self._call):
            self._forget()
            return
        facts = facts_of(self._session, self._call)
        if facts.operation.id != self._operation or facts.spec is not self._spec:
            self.show_call(self._call)
            return
        self.name.refresh(facts.operation.shown_name)
        self.keras_name.refresh(facts.operation.title, facts.operation.name)
        self._place_link()
        if not facts.is_model:
            self.sections.refresh(facts.operation)
        self.literals.show_call(self._session.document.call(self._call), facts.spec)
        self.model.show_facts(facts)
        self.modes.show_call(self._call)
        self.problems.show_problems(problems_of(self._session, self._call))
        self._show_tiles(facts)
        self._show_freeze(facts)
        self._show_outputs(facts)
        self._show_places(facts)
        self._show_words(facts)

    def _show_places(self, facts: Facts) -> None:
        """Say where else the same weights are used: in other boxes, or inside of other layers."""
        places = other_places(self._session.document, facts.operation)
        self._shared.setVisible(len(facts.uses) > 1 or bool(places))
        if places:
            names = ", ".join(shown_name(place.name) for place in places)
            self._shared.setText(tr("Shares weights with {layers}; a change here changes them too.", layers=names))
        else:
            self._shared.setText(
                tr("Used {count} times with the same weights; a change here changes every use.", count=len(facts.uses))
            )

    def _show_words(self, facts: Facts) -> None:
        """Say what a lookup layer has learned of data."""
        words = [str(word) for vocabulary in vocabularies(facts.operation).values() for word in vocabulary.words]
        self._words.setVisible(bool(words))
        some = [shown_name(word) if word else '""' for word in words[:_WORDS_SHOWN]]
        text = tr("Vocabulary of {count} words: {words}", count=f"{len(words):,}", words=", ".join(some))
        self._words.setText(f"{text}, …" if len(words) > _WORDS_SHOWN else text)

    def _forget(self) -> None:
        """The box is gone, and its id may be given to another one: nothing that was typed here may reach that."""
        self._operation, self._spec = "", None
        self.name.show_name("")
        self.keras_name.show_name("", "")
        self.sections.show_nothing()
        self.literals.show_nothing()

    def _on_theme(self, theme: Theme) -> None:
        self.freeze.set_icon(icon("snowflake", theme.color("frozen.text"), 14))
        self.link.setIcon(icon("help", theme.color("dim"), 14))
        if self._call and self._session.document.has_call(self._call):
            self._show_class(facts_of(self._session, self._call))

    def commit(self) -> None:
        """Take over what was typed but not confirmed, if what it was typed for is still there."""
        if not self._session.document.has_id(self._operation):
            self._forget()
            return
        self.name.commit()
        self.keras_name.commit()
        if not self.sections.isHidden():
            self.sections.commit()
        if self._session.document.has_call(self._call):
            self.literals.commit()

    def begin_visit(self) -> None:
        """The keyboard came to another control: what follows is another undo step."""
        self._visit += 1

    def _class_link(self) -> QToolButton:
        link = QToolButton()
        link.setObjectName("class_link")
        link.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        link.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        link.clicked.connect(self._on_link_clicked)
        return link

    def _lay_out(self) -> None:
        self._head.setHorizontalSpacing(6)
        self._head.setVerticalSpacing(0)
        self._head.setColumnStretch(1, 1)
        tiles = QHBoxLayout()
        tiles.setSpacing(8)
        self._outputs.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(self._head)
        layout.addWidget(self.keras_name)
        self._head.addWidget(self._bar, 0, 0, 2, 1)
        self._head.addWidget(self.name, 0, 1)
        self._head.addWidget(self.link, 0, 2, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._help)
        layout.addWidget(self.model)
        layout.addWidget(self.problems)
        layout.addLayout(tiles)
        tiles.addWidget(self.shape_tile, 1)
        tiles.addWidget(self.count_tile, 1)
        layout.addWidget(self._shared)
        layout.addWidget(self._words)
        layout.addSpacing(2)
        layout.addWidget(self.freeze)
        layout.addWidget(self._freeze_help)
        layout.addLayout(self._outputs)
        layout.addWidget(self.modes)
        layout.addSpacing(4)
        layout.addWidget(self.literals)
        layout.addWidget(self.sections)
        layout.addStretch(1)

    def _show_class(self, facts: Facts) -> None:
        spec = facts.spec
        color = self._look.theme.category(spec.category if spec else "nested" if facts.is_model else "operation")
        self._bar.setStyleSheet(f"background: {color}; border: none; border-radius: 2px;")
        class_name = spec.shown_name if spec else facts.operation.class_name
        self.link.setText(on_button(class_name, 40))
        self.link.setEnabled(bool(spec and spec.url))
        set_spoken_name(self.link, tr("{layer} in the documentation of Keras", layer=class_name))
        set_tooltip(self.link, self.link.accessibleName() if spec else "")
        if facts.is_model:
            self._help.setText(tr("A model inside the model. A change inside it shows in every box that uses it."))
        elif spec:
            self._help.setText(self._session.catalog.help(spec))
        else:
            self._help.setText(
                tr("This class is not part of Keras. It is kept as it is and not run; its values are shown as JSON.")
            )

    def _place_link(self) -> None:
        """The class stands beside the name, or below it where both do not fit."""
        name_width = self.name.line.fontMetrics().horizontalAdvance(self.name.line.text()) + _NAME_MARGINS
        below = name_width + self.link.sizeHint().width() > self.width()
        if below != self._link_below:
            self._link_below = below
            self._head.removeWidget(self.link)
            if below:
                self._head.addWidget(self.link, 1, 1, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
            else:
                self._head.addWidget(self.link, 0, 2, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_link()

    def _show_tiles(self, facts: Facts) -> None:
        outputs = facts.result.outputs if facts.result else ()
        shapes = "\n".join(shape_text(output.shape) for output in outputs)
        dtypes = ", ".join(dict.fromkeys(output.dtype for output in outputs))
        unknown = tr("Known once its inputs are wired and fit.")
        self.shape_tile.set_value(shapes or "–", cost_sentence(facts.result) if facts.result and outputs else unknown)
        self.shape_tile.set_note(dtypes if dtypes not in ("", "float32") else "")
        weights = tr("{memory} of weights", memory=bytes_text(facts.weight_bytes)) if facts.parameters else ""
        self.count_tile.set_value(count_text(facts.parameters) if facts.counted else "–", weights)
        fixed = []
        if facts.frozen:
            fixed.append(tr("{count} frozen", count=count_text(facts.frozen)))
        if facts.state:
            fixed.append(tr("{count} not trained", count=count_text(facts.state)))
        self.count_tile.set_note(", ".join(fixed))

    def _show_freeze(self, facts: Facts) -> None:
        document = self._session.document
        around = frozen_model(document, document.graph_id_of_call(facts.call))
        frozen = not facts.operation.trainable or bool(around)
        self.freeze.setVisible(facts.can_freeze)
        self.freeze.set_text(tr("Freeze this model") if facts.is_model else tr("Freeze this layer"))
        self.freeze.set_on(frozen)
        words = freeze_sentence(document, facts.operation, frozen, around)
        self._freeze_help.setVisible(facts.can_freeze and bool(words))
        self._freeze_help.setText(words)

    def _show_outputs(self, facts: Facts) -> None:
        count = 0
        if not facts.is_input:
            known = len(facts.result.outputs) if facts.result else 0
            count = known or facts.output_count
        while len(self.output_switches) < count:
            self._add_output_switch(len(self.output_switches))
        outputs = set(facts.graph.output_refs())
        for index, switch in enumerate(self.output_switches):
            switch.setVisible(index < count)
            if count == 1:
                switch.set_text(tr("Output of the model"))
            else:
                switch.set_text(tr("Output {number} is an output of the model", number=index + 1))
            switch.set_on(TensorRef(facts.call, index) in outputs)

    def _add_output_switch(self, index: int) -> None:
        switch = LabelledSwitch("", f"output_switch_{index}")
        switch.switched.connect(lambda on: self._on_output_switched(index, on))
        self.output_switches.append(switch)
        self._outputs.addWidget(switch)

    def _rename(self, name: str) -> None:
        edits = commands.rename(self._session.document, self._operation, name)
        self._session.history.do(Text("Rename to {name}", {"name": name}), edits)

    def _rename_for_keras(self, name: str) -> None:
        edits = commands.rename_for_keras(self._session.document, self._operation, name)
        self._session.history.do(Text("Call it {name} in Keras", {"name": name}), edits)

    def _on_link_clicked(self) -> None:
        spec = facts_of(self._session, self._call).spec
        if spec and spec.url:
            QDesktopServices.openUrl(QUrl(spec.url))

    def _on_freeze_switched(self, on: bool) -> None:
        self._session.freezing.set_frozen([self._operation], on)

    def _on_output_switched(self, index: int, on: bool) -> None:
        name = self._session.document.operation(self._operation).shown_name
        label = Text("Make {layer} an output", {"layer": name})
        if not on:
            label = Text("Make {layer} no output", {"layer": name})
        self._session.edit(label, commands.set_output(self._session.document, TensorRef(self._call, index), on))

    def _on_literal_edited(self, path: ArgumentPath, value: Json) -> None:
        name = self._session.document.operation(self._operation).shown_name
        label = Text("Set an argument of {layer}", {"layer": name})
        edits = set_literal(self._session.document, self._call, path, value)
        self._session.edit(label, edits, ("literal", self._call, path, self._visit))

    def _on_parameter_edited(self, key: str, value: Json) -> None:
        document = self._session.document
        operation = document.operation(self._operation)
        spec = self._session.catalog.layer(operation.class_name, operation.module)
        parameter = spec.parameter(key) if spec else None
        words = parameter_words(parameter) if parameter else key
        label = Text("Set {parameter} of {layer}", {"parameter": words, "layer": operation.shown_name})
        merge_key = ("parameter", operation.id, key, self._visit)
        for name, new in linked_parameters(operation.config, key, value).items():
            edits = commands.set_parameter(document, operation.id, name, new)
            self._session.edit(label, edits, merge_key)
