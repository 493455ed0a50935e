"""Applies a language to the whole process: our sentences, and Qt's own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from resources.text import LANGUAGES, use_language


class Languages:
    """Switches languages; holds the translator that Qt does not keep alive."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None

    def apply(self, code: str) -> str:
        """Use `code`, or the system's language when it is empty or unknown; returns what is used now."""
        chosen = code if code in LANGUAGES else system_language()
        use_language(chosen)
        self._use_qt_translation(chosen)
        return chosen

    def _use_qt_translation(self, code: str) -> None:
        application = QCoreApplication.instance()
        if application is None:
            return
        if self._translator is not None:
            application.removeTranslator(self._translator)
            self._translator = None
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if code != "en" and translator.load(f"qtbase_{code}", folder):
            application.installTranslator(translator)
            self._translator = translator


def system_language() -> str:
    """The first of the person's languages that Lamella speaks, else English."""
    for name in QLocale.system().uiLanguages():
        code = name.split("-")[0].split("_")[0]
        if code in LANGUAGES:
            return code
    return "en"
