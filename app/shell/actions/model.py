"""Model: freezing, sharing, marking outputs, checking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.command import Command, Group
from app.project import modes
from app.project.session import Session
from app.shell.actions import frames
from graph_editor.document.changes.commands import set_output
from graph_editor.document.document import ROOT
from graph_editor.document.graph import Graph, TensorRef
from resources.text import Text, tr

if TYPE_CHECKING:
    from app.shell.actions.block_actions import BlockActions
    from app.shell.actions.code_questions import CodeQuestions
    from app.shell.window.main_window import MainWindow


def group(window: MainWindow, blocks: BlockActions, code: CodeQuestions) -> Group:
    session, freezing = window.session, window.session.freezing
    selected = lambda: bool(session.selection)  # noqa: E731
    single = lambda: len(session.selection) == 1  # noqa: E731
    nested = lambda: is_model(session)  # noqa: E731
    return Group(
        "model",
        tr("Model"),
        (
            Command(
                "model.freeze",
                lambda: tr("Freeze"),
                lambda: freezing.toggle(session.selection),
                ("Ctrl+L",),
                selected,
                lambda: freezing.all_frozen(session.selection),
            ),
            Command(
                "model.freeze_above",
                lambda: tr("Freeze everything above"),
                lambda: freezing.freeze_above(session.selection),
                (),
                selected,
            ),
            Command("model.unfreeze_all", lambda: tr("Unfreeze all layers"), freezing.unfreeze_all),
            Command(
                "model.share",
                lambda: tr("Use again (shared weights)"),
                lambda: window.canvas.share_selected(),
                (),
                single,
            ),
            Command(
                "model.output",
                lambda: tr("Output of the model"),
                lambda: toggle_output(session),
                ("Ctrl+Shift+O",),
                single,
                lambda: is_output(session),
            ),
            *modes.commands(session),
            None,
            Command(
                "model.repeat",
                lambda: tr("Repeat in a row…"),
                lambda: window.canvas.run_action("repeat_selection"),
                ("Ctrl+Shift+R",),
                lambda: bool(session.selection) and window.workspace == "build",
            ),
            Command(
                "model.save_block",
                lambda: tr("Save as a block…"),
                blocks.save_selection,
                ("Ctrl+Shift+B",),
                lambda: bool(session.selection) and window.workspace == "build",
            ),
            Command("model.import_block", lambda: tr("Import a block file…"), blocks.ask_to_import),
            Command(
                "model.group",
                lambda: tr("Make a nested model"),
                lambda: window.canvas.group_selection(),
                ("Ctrl+G",),
                lambda: bool(session.selection) and window.workspace == "build",
            ),
            Command("model.open", lambda: tr("Open the nested model"), lambda: open_model(session), (), nested),
            Command(
                "model.leave",
                lambda: tr("Leave the nested model"),
                lambda: window.canvas.leave_graph(),
                ("Alt+Up",),
                lambda: window.workspace == "build" and window.canvas.graph_id != ROOT,
            ),
            Command(
                "model.dissolve",
                lambda: tr("Dissolve the nested model"),
                lambda: window.canvas.dissolve_selected(),
                ("Ctrl+Shift+G",),
                nested,
            ),
            None,
            *frames.commands(window),
            None,
            Command("model.code", lambda: tr("Custom code…"), code.edit_files),
            Command(
                "model.run_code",
                lambda: tr("Run the project's code…"),
                code.question,
                (),
                lambda: session.code.phase == "asking",
            ),
            Command(
                "model.stop_code",
                lambda: tr("Stop the project's code"),
                session.code.restart,
                (),
                lambda: session.code.phase == "loading",
            ),
            None,
            Command("model.check", lambda: tr("Check"), lambda: check(window), ("F7",)),
        ),
    )


def is_model(session: Session) -> bool:
    """Whether one nested model is selected."""
    calls = session.selection
    return len(calls) == 1 and session.document.operation_of(calls[0]).graph is not None


def open_model(session: Session) -> None:
    session.open_model(session.selection[0])


def is_output(session: Session) -> bool:
    if len(session.selection) != 1:
        return False
    return any(ref.call == session.selection[0] for ref in _graph(session).output_refs())


def _graph(session: Session) -> Graph:
    """The graph in which the selected box lies."""
    return session.document.graph_of_call(session.selection[0])


def toggle_output(session: Session) -> None:
    document, call_id = session.document, session.selection[0]
    marked = [ref for ref in _graph(session).output_refs() if ref.call == call_id]
    tensor = marked[0] if marked else TensorRef(call_id)
    label = Text("No longer an output") if marked else Text("Mark as an output")
    session.edit(label, set_output(document, tensor, not marked))


def check(window: MainWindow) -> None:
    """Go to the first problem, or say that there is none."""
    session = window.session
    if not session.problems:
        session.notify(tr("No problems"), "ok")
        return
    window.show_workspace("build")
    window.build.show_drawer(window.build.problems)
    first = session.problems[0]
    if first.call is not None:
        session.reveal(first.call)
