"""Whatever is done to a document, undoing it gives the identical document back."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.edits import EditError
from graph_editor.document.files import file_format
from graph_editor.document.history import History
from tests.unit.graph_editor.document.random_edits import check, edit_at_random, edits_at_random, snapshot

MANY = 100_000


@settings(max_examples=500)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_any_sequence_of_edits_undone_gives_the_identical_document(seed: int, length: int) -> None:
    rng = random.Random(seed)
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    original = snapshot(document)
    for _ in range(length):
        edit_at_random(document, history, rng)
        if rng.random() < 0.2:
            history.undo()
        if rng.random() < 0.1:
            history.redo()
    while history.can_redo:
        history.redo()
    final = snapshot(document)
    steps = 0
    while history.can_undo:
        history.undo()
        steps += 1
    assert snapshot(document) == original
    for _ in range(steps):
        history.redo()
    assert snapshot(document) == final


@settings(max_examples=80)
@given(st.integers(0, 2**32))
def test_indexes_agree_with_the_content_and_files_round_trip(seed: int) -> None:
    rng = random.Random(seed)
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    for _ in range(40):
        edit_at_random(document, history, rng)
        check(document)
    content = snapshot(document)
    assert file_format.dumps(file_format.loads(content)) == content
    again = file_format.loads(content)
    again.source = None
    assert file_format.dumps(again) == content


def test_a_hundred_thousand_edits_in_one_sitting() -> None:
    """Undo back over any of them ends where it began; ids that come back after a deletion mix nothing up."""
    rng = random.Random(20261121)
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS, most_steps=MANY, most_weight=MANY * 1000)
    sizes, marks, done = 0, [(0, snapshot(document))], 0
    while done < MANY:
        if sum(len(graph.calls) for graph in document.graphs.values()) > 60:
            for _ in range(rng.randrange(40, 90)):
                history.undo()
                marks = [mark for mark in marks if mark[0] <= len(history._done)]
        try:
            edits = edits_at_random(document, rng)
            history.do("edit", edits)
            done += len(edits)
        except EditError:
            continue
        if rng.random() < 0.01:
            check(document)
            marks.append((len(history._done), snapshot(document)))
            sizes = max(sizes, len(document.graphs))
    assert sizes > 3  # nested models were among it
    for steps, content in reversed(marks):
        while len(history._done) > steps:
            history.undo()
        assert snapshot(document) == content
