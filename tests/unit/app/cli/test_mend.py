"""`lamella mend`: every mend that is said to be done is done."""

from app.cli.verbs.mend import apart, do
from app.project.findings.callbacks import callback_problems
from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Mend
from graph_editor.document.edits import SetIn, SetParameters, SetTraining
from graph_editor.document.history import History
from resources.text import Text


def mend(*edits: SetIn | SetParameters | SetTraining) -> Mend:
    return Mend(Text("mend it"), edits)


def test_two_mends_of_one_callback_do_not_undo_each_other() -> None:
    """Each holds what the callback was: both were said to be done, and the first was lost."""
    document = TEMPLATES[0].open()
    history = History(document, FOLLOW_UPS)
    bad = {"min_delta": "x", "baseline": [], "patience": -1}
    history.do(Text("break it"), [SetIn("training", ("callbacks", "early_stopping"), bad)])
    said = 0
    for _ in bad:
        mends = [found.mend for found in callback_problems(document, Catalog.load(), {}) if found.mend is not None]
        now = apart(mends)
        assert now == mends[:1]
        said += len(do(history, now))
    assert said == 3
    left = callback_problems(document, Catalog.load(), {})
    assert not [problem for problem in left if problem.kind == "training.callback"]


def test_mends_of_places_of_their_own_are_done_at_once() -> None:
    first, second = mend(SetIn("training", ("epochs",), 2)), mend(SetIn("training", ("batch_size",), 2))
    box, other_box = mend(SetParameters("o1", {"units": 1})), mend(SetParameters("o2", {"units": 1}))
    assert apart([first, second, box, other_box]) == [first, second, box, other_box]
    within = mend(SetIn("training", ("epochs", "x"), 2))
    whole = mend(SetTraining({}))  # of it is not known what it leaves
    assert apart([first, within, box, whole]) == [first, box]
    assert apart([whole, first]) == [whole]
