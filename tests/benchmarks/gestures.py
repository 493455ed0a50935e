"""What one key or click costs among ten thousand boxes: searching, listing, selecting, collapsing.

Each line is processor time of this thread over a few rounds, beside an anchor that is measured in the same run: sorting
ten thousand names in lower case, which Python does with nothing of ours. Machines differ, ratios hold. The engine is
one that answers at once, so nothing here waits for Keras.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_ACCESSIBILITY", "0")

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.command_palette.command_palette import CommandPalette
from app.command_palette.providers.entry import Entry
from app.look.stylesheet import stylesheet
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.inspector.panel import Inspector
from app.panels.outline.model import Column
from app.panels.outline.panel import Outline
from app.shell.gui import make_application
from app.system.matching import Index
from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.history import History
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.theme import CanvasTheme
from tests.benchmarks._report import against_floor, machine, median, milliseconds
from tests.gui.panels.conftest import Bench
from tests.gui.panels.test_outline import COUNT, long_chain
from tests.gui.view.items.test_collapsed_frames import chain_of

ROUNDS: Final = 5
KEY_FLOOR_MS, TURN_FLOOR_MS = 10.0, 50.0
KINDS: Final = ("conv2d", "batch_normalization", "activation", "add", "zero_padding2d")
QUERIES: Final = ("b", "ba", "bat", "batn", "batno", "batno7", "x", "xq", "conv2d_9999")


class Sheet:
    """The lines of the report, each against the anchor of this run."""

    def __init__(self) -> None:
        names = [f"{KINDS[number % 5]}_{number}" for number in range(COUNT)]
        random.Random(0).shuffle(names)
        self._anchor = min(timed(lambda: sorted(names, key=str.lower), ROUNDS))
        print(f"anchor, sorting {COUNT:,} names: {self._anchor * 1e3:.2f} ms")

    def line(self, what: str, seconds: Sequence[float], floor: float = TURN_FLOOR_MS) -> None:
        print(f"{what + ':':44}{milliseconds(seconds)}; {min(seconds) / self._anchor:.2f} anchors")
        print(f"  {against_floor(median(seconds) * 1e3, floor, 'ms')}")


def timed(act: Callable[[], object], rounds: int = 1) -> list[float]:
    """Seconds of processor time of this thread, once a round."""
    spent = []
    for _ in range(rounds):
        began = time.thread_time()
        act()
        spent.append(time.thread_time() - began)
    return spent


@contextmanager
def shown(widget: QWidget) -> Iterator[None]:
    widget.resize(460, 700)
    widget.show()
    QApplication.processEvents()
    yield
    widget.close()
    widget.deleteLater()
    QApplication.processEvents()


def searching(sheet: Sheet, catalog: Catalog) -> None:
    lines = [(f"{KINDS[number % 5]}_{number}", "Conv2D") for number in range(COUNT)]
    spent: list[float] = []
    for _ in range(ROUNDS):
        index = Index(lines)
        worst = 0.0
        for query in QUERIES:
            worst = max(worst, *timed(lambda query=query, index=index: index.search(query)))  # type: ignore[misc]
        spent.append(worst)
    sheet.line("worst key in the index of the palette", spent, KEY_FLOOR_MS)
    hostile = "globalaveragepooling2" * 20
    sheet.line("a hostile text in the catalogue", timed(lambda: catalog.search(hostile), ROUNDS))


def palette(sheet: Sheet) -> None:
    parent = QWidget()
    entries = [Entry("box", title, lambda: None, "Conv2D", category="convolution") for title in _titles()]
    with shown(parent):
        made = CommandPalette(parent, ThemeSource(load_theme("dark")), lambda: entries)
        made.open_palette()
        field = made.findChild(QLineEdit, "command_field")
        assert field is not None
        spent = []
        for _ in range(ROUNDS):
            texts = ("c", "co", "con", "conv", "conv2d_99", "x9")
            spent.append(max(timed(lambda text=text: field.setText(text))[0] for text in texts))  # type: ignore[misc]
        made.close_palette()
    sheet.line("worst key in the palette", spent, KEY_FLOOR_MS)


def _titles() -> list[str]:
    return [f"conv2d_{number}" for number in range(COUNT)]


def outline(sheet: Sheet, bench: Bench) -> None:
    made = Outline(bench.session, ThemeSource(load_theme("dark")))
    with shown(made):
        model, texts = made.model, iter(["l77", "dense 9", "완전", "l8", "x"])
        orders = iter([Column.NAME, Column.PARAMETERS, Column.OUTPUT, Column.NAME, Column.OUTPUT])

        def fill() -> None:
            model.rows = []
            model.rebuild()
            made.view.doItemsLayout()

        sheet.line("filling the outline", timed(fill, ROUNDS))
        sheet.line("its values", timed(model.update_values, ROUNDS))
        sheet.line("its filter", timed(lambda: made.filter.setText(next(texts)), ROUNDS))
        made.filter.clear()
        sheet.line("its order", timed(lambda: model.sort(next(orders)), ROUNDS))


def inspector(sheet: Sheet, bench: Bench) -> None:
    made = Inspector(bench.session, ThemeSource(load_theme("dark")))
    with shown(made):
        first = iter(range(1, ROUNDS + 1))

        def select() -> None:
            bench.session.navigation.select([f"c{number}" for number in range(next(first), COUNT)])

        sheet.line("selecting all in the inspector", timed(select, ROUNDS))


def collapsing(sheet: Sheet, catalog: Catalog) -> None:
    document = chain_of(1000)
    view = GraphView(document, History(document, FOLLOW_UPS), catalog, CanvasTheme.named("dark"), Background())
    with shown(view):
        view.graph_scene.finish()
        view.zoom_to(1.0)
        view.select([f"c{number}" for number in range(200, 700)])
        folding, opening = [], []
        for _ in range(ROUNDS):
            folding += timed(lambda: view.run_action("collapse_into_one"))
            opening += timed(lambda: view.run_action("collapse_into_one"))
            QApplication.processEvents()
    sheet.line("collapsing 500 boxes of 1,000", folding)
    sheet.line("opening them", opening)


def main() -> None:
    print(machine())
    application = make_application()
    application.setStyleSheet(stylesheet(load_theme("dark")))
    catalog = Catalog.load()
    sheet = Sheet()
    searching(sheet, catalog)
    palette(sheet)
    bench = Bench(catalog)
    bench.document.replace_content(long_chain())
    QApplication.processEvents()
    outline(sheet, bench)
    inspector(sheet, bench)
    collapsing(sheet, catalog)


if __name__ == "__main__":
    main()
