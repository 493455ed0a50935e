"""Freezing from outside of the canvas: through the session, and with the counts that it has from Keras."""

from app.project.session import Session
from graph_editor.document.changes.freezing import Weights
from graph_editor.view.commands.freezing import Freezing


def weights_of(session: Session) -> Weights:
    def counted(call_id: str) -> int | None:
        result = session.weights_told(call_id)
        return result.parameters if result is not None and result.outputs else None

    return Weights(session.document, session.catalog, counted)


def freezing_of(session: Session) -> Freezing:
    return Freezing(
        session.document,
        weights_of(session),
        lambda label, make: session.attempt(lambda: session.history.do(label, make())),
        lambda sentence: session.notify(sentence),
    )
