"""What a person has chosen about how the application looks and speaks: theme, motion, language."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.look.qt_palette import palette
from app.look.stylesheet import stylesheet
from app.look.theme import Theme, load_theme, theme_names
from app.look.theme_source import ThemeSource
from app.system.i18n import Languages
from app.system.settings import SettingsStore
from graph_editor.view.painting.motion import Motion, choose


class Preferences(QObject):
    """Each choice is kept in the settings and put into force at once; `end` lets go of the system's colours."""

    changed = Signal()  # another choice than before
    language_changed = Signal(str)  # its code: what is on the screen still speaks the one before

    def __init__(self, application: QApplication, store: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._store = store
        self._languages = Languages()
        self._languages.apply(store.values.language)
        choose(store.values.motion)
        self.look = ThemeSource(self._apply_theme(), self)
        self._hints = QGuiApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._on_system_scheme)

    @property
    def theme(self) -> str:
        """ "system" or the name of a theme."""
        return self._store.values.theme

    def set_theme(self, name: str) -> None:
        """Use the theme `name` ("system" follows the system) from now on."""
        self._store.values.theme = name
        self._store.save()
        self._show_theme()
        self.changed.emit()

    @property
    def motion(self) -> str:
        """ "system", "full" or "reduced"."""
        return self._store.values.motion

    def set_motion(self, choice: Motion) -> None:
        """Let things glide ("full"), or be there at once ("reduced"), or follow the system."""
        self._store.values.motion = choice
        self._store.save()
        choose(choice)
        self.changed.emit()

    def set_language(self, code: str) -> None:
        """Speak the language `code` from now on; who listens to `language_changed` makes the words anew."""
        self._store.values.language = code
        self._store.save()
        self._languages.apply(code)
        self.language_changed.emit(code)

    def end(self) -> None:
        self._hints.colorSchemeChanged.disconnect(self._on_system_scheme)

    def _show_theme(self) -> None:
        self.look.about_to_change.emit()
        self.look.show(self._apply_theme())

    def _apply_theme(self) -> Theme:
        theme = load_theme(resolve_theme(self.theme))
        self._application.setPalette(palette(theme))
        self._application.setStyleSheet(stylesheet(theme))
        return theme

    def _on_system_scheme(self, _scheme: Qt.ColorScheme) -> None:
        if self.theme == "system":
            self._show_theme()


def resolve_theme(setting: str) -> str:
    """The name of the theme for a setting; the dark one when the system does not say."""
    if setting in theme_names():
        return setting
    light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
    return "light" if light else "dark"
