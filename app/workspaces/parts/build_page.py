"""The Build workspace: palette, canvas, inspector, and a drawer with problems and console."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.inspector.panel import Inspector
from app.panels.outline.panel import Outline
from app.panels.palette.panel import Palette
from app.panels.problems.panel import ProblemsPanel
from app.panels.run_parts.console import ConsolePanel
from app.project.choosers import Chooser
from app.project.session import Session
from app.workspaces.parts.canvas_link import CanvasLink
from app.workspaces.parts.inside_mode import InsideMode
from graph_editor.background.background import Background
from graph_editor.view.access.screen_reader import ScreenReader
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

SIDE_WIDTH, INSPECTOR_WIDTH = 248, 312
NARROW = 1200  # below this width of the window the columns at the sides give way to the canvas
NARROW_SIDE_WIDTH, NARROW_INSPECTOR_WIDTH = 208, 276
DRAWER_HEIGHT = 170


class BuildWorkspace(QWidget):
    """Sizes of the three columns are kept by the caller: `sizes` and `set_sizes`."""

    def __init__(
        self,
        session: Session,
        look: ThemeSource,
        chooser: Chooser,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("build_workspace")
        self._wanted: list[int] = []
        self._was_shown = False
        self.canvas = GraphView(
            session.document, session.history, session.catalog, CanvasTheme.from_tokens(look.theme.colors), background
        )
        ScreenReader(self.canvas)
        self.canvas.setObjectName("canvas")
        self.canvas.setAccessibleName(tr("Canvas"))
        self.palette_panel = Palette(session.catalog, look, blocks=session.blocks)
        self.outline = Outline(session, look)
        self.inspector = Inspector(session, look)
        self.problems = ProblemsPanel(session, look)
        self.console = ConsolePanel(session)
        self.link = CanvasLink(session, self.canvas, self)
        look.changed.connect(self._on_theme)
        self.palette_panel.layer_activated.connect(self.canvas.add_layer)
        self.palette_panel.block_activated.connect(self.canvas.building_blocks.add_next)
        self.canvas.building_blocks.find = session.blocks.blocks
        session.code.changed.connect(self.palette_panel.refresh)
        self.side = _tabs(
            "side_tabs", tr("Layers and outline"), ((self.palette_panel, tr("Layers")), (self.outline, tr("Outline")))
        )
        self.side.setTabPosition(QTabWidget.TabPosition.South)
        self.drawer = _tabs(
            "bottom_tabs", tr("Problems and console"), ((self.problems, tr("Problems")), (self.console, tr("Console")))
        )
        self._arrange()
        self.inside = InsideMode(session, look, chooser, self.canvas, self._left, self._right)

    def _arrange(self) -> None:
        self._middle = QSplitter(Qt.Orientation.Vertical)
        self._middle.setObjectName("canvas_splitter")
        self._middle.addWidget(self.canvas)
        self._middle.addWidget(self.drawer)
        self._middle.setStretchFactor(0, 1)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("columns_splitter")
        self._left, self._right = _first_of("left_column", self.side), _first_of("right_column", self.inspector)
        for widget in (self._left, self._middle, self._right):
            self._columns.addWidget(widget)
        self._columns.setStretchFactor(1, 1)
        for splitter in (self._middle, self._columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(True)
        self._middle.setCollapsible(0, False)
        self._columns.setCollapsible(1, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._columns)
        self.drawer.hide()

    def sizes(self) -> list[int]:
        """The widths of the columns; empty before they were ever shown."""
        return self._columns.sizes() if self._was_shown else []

    def set_sizes(self, sizes: Sequence[int]) -> None:
        """The widths of the columns from the moment they are shown; not three of them means the usual ones."""
        self._wanted = list(sizes)
        if self._was_shown:
            self._apply_sizes()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:  # a splitter without a size of its own would scale what it is given
            self._was_shown = True
            self._apply_sizes()

    def _apply_sizes(self) -> None:
        width = self.window().width()
        kept = len(self._wanted) == self._columns.count() and (width >= NARROW or sum(self._wanted) < NARROW)
        self._columns.setSizes(self._wanted if kept else usual(width))

    def show_drawer(self, panel: QWidget) -> None:
        """Open the drawer at `panel`."""
        opening = self.drawer.isHidden()
        self.drawer.setCurrentWidget(panel)
        self.drawer.show()
        if opening:
            height = self._middle.height()
            self._middle.setSizes([max(height - DRAWER_HEIGHT, 0), DRAWER_HEIGHT])

    def toggle_drawer(self, panel: QWidget) -> None:
        """Open the drawer at `panel`, or close it when the panel is already seen."""
        if self.drawer_shows(panel):
            self.drawer.hide()
        else:
            self.show_drawer(panel)

    def drawer_shows(self, panel: QWidget) -> bool:
        return not self.drawer.isHidden() and self.drawer.currentWidget() is panel

    def _on_theme(self, theme: Theme) -> None:
        self.canvas.set_theme(CanvasTheme.from_tokens(theme.colors))


def _first_of(name: str, widget: QWidget) -> QStackedWidget:
    """A column that shows this, and may show something else in its place for a while."""
    stack = QStackedWidget()
    stack.setObjectName(name)
    stack.addWidget(widget)
    return stack


def usual(width: int) -> list[int]:
    """The columns of a workspace `width` wide."""
    side, inspector = (SIDE_WIDTH, INSPECTOR_WIDTH) if width >= NARROW else (NARROW_SIDE_WIDTH, NARROW_INSPECTOR_WIDTH)
    return [side, max(width - side - inspector, 0), inspector]


def _tabs(name: str, title: str, pages: Sequence[tuple[QWidget, str]]) -> QTabWidget:
    tabs = QTabWidget()
    tabs.setObjectName(name)
    set_spoken_name(tabs, title)
    tabs.setDocumentMode(True)
    tabs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    tabs.tabBar().setObjectName(f"{name}_bar")
    set_spoken_name(tabs.tabBar(), title)
    for page, text in pages:
        tabs.addTab(page, text)
    return tabs
