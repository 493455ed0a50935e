"""What a layer has learnt: its weights with histograms, filters, maps of embeddings, and their way through training."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.page import Page
from app.panels.inside.pictures import Histogram, ViewPicture
from app.panels.inside.points import PointsMap
from app.panels.inside.shown import heat_of, map_of, shape_words, short
from app.panels.widgets.fields import heading
from app.panels.widgets.sentence import sentence
from graph_editor.view.painting.inside_values import MapTiles, StepLines
from graph_editor.words.letting_go import let_go
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.inside import CallAt, ShowWeights, WeightShown, WeightsShown, WeightsThroughTime
from runtime.messages.trained import Trained


class WeightsPage(Page):
    def __init__(self, inside: LookingInside, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__("inside_weights_page", inside, parent)
        self._look = look
        self._asked: tuple[Trained, str, tuple[str, ...]] | None = None
        self.nothing = sentence(tr("This box has no weights."), "inside_no_weights")
        self.rows.addWidget(self.nothing)
        self._cards: list[QWidget] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        self.rows.addLayout(self._list)
        self.rows.addStretch(1)
        self.nothing.hide()

    def show_call(self, call: CallAt | None) -> None:
        super().show_call(call)
        trained = self.inside.trained() if self.inside.on else None
        question_key = (trained, call.layer, call.path) if call is not None and trained is not None else None
        if question_key == self._asked:
            return  # another sample has the same weights
        self._asked = question_key
        self._show((), ())
        self.nothing.hide()
        if question_key is None:
            self.question.cancel()
        else:
            message = ShowWeights(0, question_key[0], question_key[1], question_key[2])
            self.question.ask(message, WeightsShown, lambda told: self._show(told.weights, told.history))

    def _on_failed(self, text: str) -> None:
        super()._on_failed(text)
        if text:
            self._asked = None

    def _show(self, weights: tuple[WeightShown, ...], history: tuple[WeightsThroughTime, ...]) -> None:
        while self._cards:
            let_go(self._cards.pop())
        by_name = {each.name: each for each in history}
        for number, weight in enumerate(weights):
            card = WeightCard(weight, by_name.get(weight.name), number, self._look)
            self._cards.append(card)
            self._list.addWidget(card)
        self.nothing.setVisible(not weights)


class WeightCard(QWidget):
    """One weight."""

    def __init__(self, weight: WeightShown, history: WeightsThroughTime | None, number: int, look: ThemeSource) -> None:
        super().__init__()
        name = f"inside_weight_{number}"
        self.setObjectName(name)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(5)
        title = shown_name(weight.name)
        rows.addWidget(heading(title))
        frozen = "" if weight.trainable else f" · {tr('not trained')}"
        rows.addWidget(sentence(f"{shape_words(weight.shape)}{frozen}", f"{name}_shape"))
        figures = tr(
            "{low} … {high}, mean {mean} ± {deviation}",
            low=short(weight.low), high=short(weight.high), mean=short(weight.mean), deviation=short(weight.deviation),
        )  # fmt: skip
        rows.addWidget(sentence(figures, f"{name}_figures"))
        bars = Histogram(f"{name}_histogram", tr("How {name} is spread", name=title), look)
        bars.show_bars(weight.histogram)
        rows.addWidget(bars)
        if weight.filters:
            filters = ViewPicture(f"{name}_filters", tr("Filters of {name}", name=title), look, 6)
            maps = tuple(map_of(small) for small in weight.filters)
            filters.show_view(MapTiles(maps, tuple(range(len(maps))), len(maps)))
            rows.addWidget(filters)
        elif weight.heat is not None:
            heat = ViewPicture(f"{name}_heat", tr("Values of {name}", name=title), look, height=110)
            heat.show_view(heat_of(weight.heat))
            rows.addWidget(heat)
        if weight.map is not None:
            cloud = PointsMap(f"{name}_map", tr("Map of {name}", name=title), look)
            cloud.show_points(weight.map)
            rows.addWidget(cloud)
        if history is not None and len(history.epochs) > 1:
            self._add_history(rows, name, title, history, look)

    def _add_history(
        self, rows: QVBoxLayout, name: str, title: str, history: WeightsThroughTime, look: ThemeSource
    ) -> None:
        ends = tr("mean and deviation from epoch {first} to {last}", first=history.epochs[0], last=history.epochs[-1])
        rows.addWidget(sentence(ends, f"{name}_through_time"))
        lines = ViewPicture(f"{name}_history", tr("{name} through training", name=title), look, height=70)
        lines.show_view(StepLines((history.means, history.deviations), 2))
        rows.addWidget(lines)
