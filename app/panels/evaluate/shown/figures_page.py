"""All figures of an evaluation, by output."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.evaluate.shown.card import FigureCard
from app.panels.evaluate.shown.columns import CardColumns
from app.panels.evaluate.stored import Evaluation
from app.panels.widgets.fields import hint
from graph_editor.words.plain_label import PlainLabel
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.messages.views import Figure, Label, Number, Numbers, OutputFigures


class FiguresPage(QScrollArea):
    """`cell_opened` carries an output, and the numbers of the true and of the predicted class."""

    cell_opened = Signal(str, int, int)
    rows_opened = Signal(str, object)  # output, tuple[int, ...]

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_figures")
        self.setAccessibleName(tr("Figures"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._look = look
        self.cards: list[FigureCard] = []
        self._shown: Evaluation | None = None

    def show_evaluation(self, evaluation: Evaluation) -> None:
        if evaluation == self._shown:
            return
        self._shown = evaluation
        self.cards = []
        inner = QWidget()
        inner.setObjectName("evaluate_inner")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(14, 14, 14, 18)
        rows.setSpacing(12)
        file = evaluation.file
        for note in file.notes:
            rows.addWidget(hint(str(note)))
        metrics = self._metrics_card(evaluation)
        for number, output in enumerate(file.outputs):
            if len(file.outputs) > 1:
                title = PlainLabel(output.title)
                title.setProperty("part", "big")
                rows.addWidget(title)
            for note in output.notes:
                rows.addWidget(hint(str(note)))
            self._add_output(rows, output, metrics if number == len(file.outputs) - 1 else None)
        rows.addStretch(1)
        self.setWidget(inner)

    def _add_output(self, rows: QVBoxLayout, output: OutputFigures, metrics: FigureCard | None) -> None:
        cards = [self._card(output.name, figure) for figure in output.figures]
        for card in cards:
            card.threshold_moved.connect(lambda value, cards=tuple(cards): _share_threshold(cards, value))
            if card.slider is not None:
                _share_threshold(cards, card.slider.value() / card.slider.maximum())
        self.cards += cards
        shown = [*cards, metrics] if metrics is not None else cards
        columns = CardColumns()
        columns.show_cards([(card, card.wide or isinstance(card.figure.view, Numbers)) for card in shown])
        rows.addWidget(columns)

    def _card(self, output: str, figure: Figure) -> FigureCard:
        card = FigureCard(figure, self._look)
        card.cell_opened.connect(lambda true, predicted: self.cell_opened.emit(output, true, predicted))
        card.rows_opened.connect(lambda numbers: self.rows_opened.emit(output, numbers))
        return card

    def _metrics_card(self, evaluation: Evaluation) -> FigureCard | None:
        """What `Model.evaluate` returns, by Keras' own names."""
        metrics = evaluation.file.metrics
        if not metrics:
            return None
        numbers = tuple(Number(name, Label(shown_name(name)), value) for name, value in metrics.items())
        text = Text("The loss and the metrics that were chosen in Train, as Keras works them out.")
        return FigureCard(Figure("keras", "", Text("Model.evaluate"), Numbers(numbers), text), self._look)


def _share_threshold(cards: tuple[FigureCard, ...] | list[FigureCard], threshold: float) -> None:
    for card in cards:
        card.show_threshold(threshold)
