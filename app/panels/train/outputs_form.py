"""For each output of the model: its loss, metrics and weight, with what is suggested."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.panels.train.form import Form, name_combo
from app.panels.train.metric_keys import ACCURACY, MetricKeys
from app.panels.train.settings import metrics_of, with_argument
from app.panels.widgets.fields import FormRow, column, heading, hint
from app.panels.widgets.keyed_rows import KeyedRows
from app.panels.widgets.multi_choice import MultiChoice
from app.panels.widgets.named_editors import show
from app.panels.widgets.section import FoldSection
from app.project.session import Session
from app.project.suggested import Suggestion, keras_object, output_section, suggestions, to_json, with_output
from graph_editor.catalog.specs import Parameter
from graph_editor.document.ends import output_names, titles_of_ends
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.combo import SearchCombo
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.sections import DEFAULT_LOSS_WEIGHT, LOSS_WEIGHT_HELP, LOSS_WEIGHT_TITLE, METRICS_TITLE
from runtime.spec import KerasObject


class OutputsForm(Form):
    """One block an output, in the order of the model's outputs."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self.rows.addWidget(heading(tr("Outputs")))
        self.nothing = hint(tr("The model has no output yet. Mark a box as an output in Build."))
        self.rows.addWidget(self.nothing)
        self._holder = QWidget()
        self._list = column(self._holder, spacing=12)
        self.rows.addWidget(self._holder)
        self._rows_by_name = KeyedRows(self._list, lambda name: OutputBlock(name, self))
        self.blocks: dict[str, OutputBlock] = {}
        self.refresh()

    def refresh(self) -> None:
        names = output_names(self.session.built.graph)
        self.nothing.setVisible(not names)
        blocks = self._rows_by_name.show(names)
        self.blocks = dict(zip(names, blocks, strict=True))
        suggested, titles = self.suggested(), titles_of_ends(self.session.built)
        for block in blocks:
            block.show_title(titles.get(block.output, block.output))
            block.set_several(len(blocks) > 1)
            block.refresh(suggested.get(block.output))

    def suggested(self) -> dict[str, Suggestion]:
        return suggestions(self.session.built, self.session.inference.results, self.session.data.taken)


class OutputBlock(QWidget):
    """The name; the loss and its parameters; metrics and weight."""

    def __init__(self, name: str, form: OutputsForm) -> None:
        super().__init__(form)
        self.output = self._shown_name = name
        self._form = form
        self._suggestion: Suggestion | None = None
        self._fold: FoldSection | None = None
        self._fold_class = ""
        self._loss_rows: list[ParameterRow] = []
        self._rows = column(self)
        self.mark = PlainLabel(tr("suggested"))
        self.mark.setObjectName(f"suggested_{name}")
        self.mark.setProperty("part", "suggested")
        set_tooltip(self.mark, tr("Suggested from the output's shape, its activation and the data."))
        self._title = ElidedLabel()
        self.loss = SearchCombo()
        self.metrics = MultiChoice(tr("none"))
        self._metric_keys = MetricKeys()
        self.metrics.setObjectName(f"metrics_{name}")
        self.weight = form.editor(Parameter("weight", "float", DEFAULT_LOSS_WEIGHT, minimum=0.0), f"weight_{name}")
        set_tooltip(self.weight, str(LOSS_WEIGHT_HELP))
        self._weight_row = FormRow(str(LOSS_WEIGHT_TITLE), self.weight)
        self._fill()
        self._lay_out()
        self.loss.chosen.connect(self._on_loss_chosen)
        self.loss.unknown_typed.connect(lambda _text: self._form.refresh())
        self.metrics.chosen.connect(self._on_metrics_chosen)
        self.weight.edited.connect(self._on_weight_edited)

    def show_title(self, title: str) -> None:
        """Say what people call the output."""
        self._shown_name = title
        self._title.show_text(title)
        name_combo(self.loss, f"loss_{self.output}", tr("Loss of {output}", output=title))
        set_spoken_name(self.metrics, tr("Metrics of {output}", output=title))

    def set_several(self, several: bool) -> None:
        """Among several outputs each has a weight."""
        self._weight_row.setVisible(several)

    def refresh(self, suggestion: Suggestion | None) -> None:
        self._suggestion = suggestion
        training = self._form.training
        section = output_section(training, self.output)
        loss = self._chosen()
        suggested = suggestion is not None and suggestion.loss.class_name == loss.class_name
        self.mark.setVisible(suggested)
        self._mark_suggested()
        self.loss.show_value(loss.class_name, loss.class_name)
        if (line := self.loss.lineEdit()) is not None:
            line.setCursorPosition(0)  # a long name shows its beginning
        self._show_loss_parameters(loss)
        self.metrics.set_keys(self._metric_keys.of(metrics_of(training, self.output, suggestion)))
        weight = section.get("weight")
        show(self.weight, float(weight) if isinstance(weight, int | float) else DEFAULT_LOSS_WEIGHT)

    def _chosen(self) -> KerasObject:
        """The loss as the document has it, or the suggested one."""
        section = output_section(self._form.training, self.output)
        loss = keras_object(section.get("loss"))
        if not loss.class_name:
            return self._suggestion.loss if self._suggestion else KerasObject("")
        spec = self._form.session.catalog.object("losses", loss.class_name)
        return KerasObject(spec.class_name if spec else loss.class_name, loss.config)

    def _fill(self) -> None:
        catalog = self._form.session.catalog
        for spec in catalog.objects("losses"):
            self.loss.add(spec.class_name, spec.class_name, catalog.help(spec))
        entries = [(ACCURACY, ACCURACY, tr("Keras takes the accuracy that fits the shapes."))]
        for spec in catalog.objects("metrics"):
            if spec.class_name != "Accuracy" and not any(parameter.required for parameter in spec.parameters):
                entries.append((spec.class_name, spec.class_name, catalog.help(spec)))
        self.metrics.set_entries(entries)

    def _lay_out(self) -> None:
        self._title.setProperty("role", "strong")
        head = QHBoxLayout()
        self._rows.addLayout(head)
        head.addWidget(self._title, 1)
        head.addWidget(self.mark)
        self._rows.addWidget(self.loss)
        self._below_loss = QWidget()
        self._below = column(self._below_loss)
        self._rows.addWidget(self._below_loss)
        self._rows.addWidget(FormRow(str(METRICS_TITLE), self.metrics))
        self._rows.addWidget(self._weight_row)

    def _mark_suggested(self) -> None:
        suggested_class = self._suggestion.loss.class_name if self._suggestion else ""
        for row in range(self.loss.count()):
            font = self.loss.font()
            font.setBold(self.loss.itemData(row) == suggested_class)
            self.loss.setItemData(row, font, Qt.ItemDataRole.FontRole)

    def _show_loss_parameters(self, loss: KerasObject) -> None:
        spec = self._form.session.catalog.object("losses", loss.class_name)
        if loss.class_name != self._fold_class:
            self._fold_class = loss.class_name
            self._build_fold()
        defaults: Mapping[str, object] = spec.config if spec else {}
        for row in self._loss_rows:
            name = row.parameter.name
            row.set_value(loss.config.get(name, defaults.get(name, row.parameter.default)))
        if self._fold is not None:
            self._fold.header.set_marked(any(defaults.get(key) != value for key, value in loss.config.items()))

    def _build_fold(self) -> None:
        if self._fold is not None:
            let_go(self._fold)
        self._loss_rows, self._fold = [], None
        spec = self._form.session.catalog.object("losses", self._fold_class)
        if spec is None or not spec.parameters:
            return

        def build(layout: QVBoxLayout) -> None:
            for parameter in spec.parameters:
                default = spec.config.get(parameter.name, parameter.default)
                row = ParameterRow(parameter, self._form.context, default, spec)
                row.edited.connect(lambda value, name=parameter.name: self._on_loss_argument(name, value))
                layout.addWidget(row)
                self._loss_rows.append(row)
            self.refresh(self._suggestion)

        self._fold = FoldSection(tr("More of the loss"), f"loss_more_{self.output}", build)
        self._below.addWidget(self._fold)

    def _on_loss_chosen(self, class_name: str) -> None:
        current = keras_object(output_section(self._form.training, self.output).get("loss"))
        if class_name == current.class_name:
            return
        suggested = self._suggestion.loss if self._suggestion else None
        chosen = suggested if suggested and suggested.class_name == class_name else KerasObject(class_name)
        self._store_loss(chosen)

    def _on_loss_argument(self, name: str, value: object) -> None:
        self._store_loss(with_argument(self._chosen(), name, value), f".{name}")

    def _store_loss(self, loss: KerasObject, key: str = "") -> None:
        label = Text("Change the loss of {output}", {"output": self._shown_name})
        training = with_output(self._form.training, self.output, loss=to_json(loss))
        self._form.store(label, training, f"loss.{self.output}{key}")

    def _on_metrics_chosen(self, keys: tuple[str, ...]) -> None:
        metrics = [to_json(self._metric_keys.metric(key)) for key in keys]
        training = with_output(self._form.training, self.output, metrics=metrics)
        label = Text("Change the metrics of {output}", {"output": self._shown_name})
        self._form.store(label, training, f"metrics.{self.output}")

    def _on_weight_edited(self, value: float) -> None:
        label = Text("Change the weight of {output}", {"output": self._shown_name})
        training = with_output(self._form.training, self.output, weight=value)
        self._form.store(label, training, f"weight.{self.output}")
