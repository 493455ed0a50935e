"""Model: what the canvas does to boxes, blocks, custom code, checking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.command import Command, Group
from app.commands.sections import in_sections
from app.shell.actions.canvas import canvas_entries
from resources.text import tr

if TYPE_CHECKING:
    from app.shell.actions.block_actions import BlockActions
    from app.shell.actions.code_questions import CodeQuestions
    from app.shell.window.main_window import MainWindow


def group(window: MainWindow, blocks: BlockActions, code: CodeQuestions) -> Group:
    session = window.session
    own = (
        (220, Command("model.import_block", lambda: tr("Import a block file…"), blocks.ask_to_import)),
        (400, Command("model.code", lambda: tr("Custom code…"), code.edit_files)),
        (
            410,
            Command(
                "model.run_code",
                lambda: tr("Run the project's code…"),
                code.question,
                (),
                lambda: session.code.phase == "asking",
            ),
        ),
        (
            420,
            Command(
                "model.stop_code",
                lambda: tr("Stop the project's code"),
                session.code.restart,
                (),
                lambda: session.code.phase == "loading",
            ),
        ),
        (500, Command("model.check", lambda: tr("Check"), lambda: check(window), ("F7",))),
    )
    return Group("model", tr("Model"), in_sections([*canvas_entries(window, "model"), *own]))


def check(window: MainWindow) -> None:
    """Go to the first problem, or say that there is none."""
    session = window.session
    if not session.problems:
        session.notify(tr("No problems"), "ok")
        return
    window.show_workspace("build")
    window.build.show_drawer(window.build.problems)
    first = min(session.problems, key=lambda problem: not problem.is_error)
    if first.call is not None:
        session.navigation.reveal(first.call)
