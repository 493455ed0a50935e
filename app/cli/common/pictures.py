"""Pictures of the graph from the command line: Qt draws them without a display."""

import os
from pathlib import Path
from typing import Literal

from app.cli.common.output import CommandError
from app.cli.common.projects import Checked
from app.project.project_questions import as_drawn
from resources.os_reasons import os_reason
from resources.text import Text


def write_picture(checked: Checked, path: Path, kind: str, theme: Literal["dark", "light"]) -> None:
    """Draw the checked project's graph; Qt is imported here and nowhere else on the command line's way."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from app.look.fonts import load_fonts, point_qt_at_fonts
    from app.workspaces.parts.canvas_link import call_display
    from graph_editor.view.items.render import render_graph
    from graph_editor.view.painting.theme import CanvasTheme

    point_qt_at_fonts()
    application = QApplication.instance() or QApplication(["lamella"])
    load_fonts()
    numbers = checked.built_model.numbers
    results = {key: as_drawn(result, numbers.get(key)) or result for key, result in checked.results.items()}
    displays = {call_id: call_display(result) for call_id, result in results.items()}
    try:
        render_graph(checked.document, checked.catalog, CanvasTheme.named(theme), displays, path, kind)
    except OSError as error:
        reason = os_reason(error)
        raise CommandError(Text("{file} was not saved: {reason}.", {"file": str(path), "reason": reason})) from error
    finally:
        del application
