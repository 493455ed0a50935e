"""The inspector: everything about what is selected, and where it is edited."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inspector.model_page import ModelPage
from app.panels.inspector.operation_page import OperationPage
from app.panels.inspector.several_page import SeveralPage
from app.project.session import Session
from graph_editor.document.nesting import owner
from graph_editor.editors.parts.spares import Spares
from graph_editor.editors.registry import editor_context
from resources.text import tr


class Inspector(QWidget):
    """Follows the session's selection. `commit` takes over a text that is still being typed (before saving, say)."""

    def __init__(self, session: Session, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Inspector"))
        self.setMinimumWidth(250)
        self._session = session
        self.model_page = ModelPage(session)
        self._spares = Spares(self)
        context = editor_context(session.catalog, self._spares)
        self.operation_page = OperationPage(session, context, look)
        look.about_to_change.connect(self.let_spares_go)
        self.several_page = SeveralPage(session, context)
        self._stack = QStackedWidget()
        for page in (self.model_page, self.operation_page, self.several_page):
            self._stack.addWidget(_scrolled(page))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        session.navigation.selection_changed.connect(self._on_selection_changed)
        session.navigation.graph_changed.connect(self._on_graph_changed)
        for signal in (session.document_changed, session.inference.results_changed, session.problems_changed):
            signal.connect(self._refresh)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self._on_selection_changed(session.navigation.selection)

    @property
    def page(self) -> QWidget:
        return (self.model_page, self.operation_page, self.several_page)[self._stack.currentIndex()]

    def let_spares_go(self) -> None:
        """Free what lies aside for other boxes."""
        self._spares.let_go()

    def commit(self) -> None:
        if self.page is self.operation_page:
            self.operation_page.commit()
        elif self.page is self.several_page:
            self.several_page.commit()
        else:
            self.model_page.commit()

    def edit_name(self) -> None:
        """Put the keyboard into the name of the selected box (F2), all of it selected."""
        if self.page is self.operation_page:
            self.operation_page.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.operation_page.name.line.selectAll()

    def _on_selection_changed(self, calls: tuple[str, ...]) -> None:
        present = tuple(call for call in calls if self._session.document.has_call(call)) or self._entered()
        self.commit()
        self._begin_visit()
        if len(present) == 1:
            self.operation_page.show_call(present[0])
        elif present:
            self.several_page.show_calls(present)
        else:
            self.model_page.refresh()
        self._stack.setCurrentIndex(min(len(present), 2))

    def _on_graph_changed(self, _graph: str) -> None:
        self._on_selection_changed(self._session.navigation.selection)

    def _entered(self) -> tuple[str, ...]:
        """The box of the nested model that the canvas shows; none for the root."""
        document = self._session.document
        found = owner(document, self._session.navigation.graph_id)
        return tuple(document.graphs[found[0]].calls_of(found[1].id)[:1]) if found else ()

    def _refresh(self, _news: object = None) -> None:
        if self.page is self.operation_page:
            self.operation_page.refresh()
        elif self.page is self.several_page:
            self.several_page.refresh()
        else:
            self.model_page.refresh()

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            self._begin_visit()

    def _begin_visit(self) -> None:
        self.operation_page.begin_visit()
        self.several_page.begin_visit()


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its controls have the keyboard, and bring themselves into view
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(page)
    page.setAutoFillBackground(False)  # setWidget turned it on
    return area
