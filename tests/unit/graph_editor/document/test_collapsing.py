"""Which boxes are collapsed: what the canvas section of a file says of them."""

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.collapsing import collapsed_boxes, set_collapsed
from graph_editor.document.changes.commands import add_layer, connect, delete_calls
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.inserting import with_room
from graph_editor.document.document import Document
from graph_editor.document.edits import SetCanvas
from graph_editor.document.files.file_format import dumps
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from resources.text import Text

CATALOG = Catalog.load()


def made() -> tuple[Document, History]:
    """c1 → c2, 84 apart."""
    document = Document()
    history = History(document, FOLLOW_UPS)
    for number, class_name in enumerate(("InputLayer", "Dense")):
        edits, _ = add_layer(document, class_name, "keras.layers", None, (0, number * 134), CATALOG)
        history.do(Text("Add"), edits)
    history.do(Text("Connect"), connect(document, TensorRef("c1"), "c2", None, CATALOG))
    return document, history


def test_a_file_without_collapsed_boxes_does_not_mention_them() -> None:
    document, history = made()
    before = dumps(document)
    history.do(Text("Collapse"), set_collapsed(document, ["c2", "c1"], True))
    assert document.canvas_extra == {"collapsed": ["c1", "c2"]}
    history.do(Text("Expand"), set_collapsed(document, ["c1", "c2"], False))
    assert dumps(document) == before
    assert set_collapsed(document, ["c1"], False) == []


def test_anything_else_there_is_passed_over() -> None:
    document, history = made()
    for found in ({"c1": 1}, "c1", 3, None, [["c1"], 7]):
        history.do(Text("x"), [SetCanvas({"collapsed": found})])
        assert collapsed_boxes(document) == frozenset()
        history.do(Text("Delete"), delete_calls(document, ["c2"]))
        history.undo()


def test_ids_go_with_their_boxes_and_come_with_copies() -> None:
    document, history = made()
    history.do(Text("Collapse"), set_collapsed(document, ["c2"], True))
    edits, (copy,) = duplicate(document, ["c2"], (0, 0))
    history.do(Text("Duplicate"), edits)
    assert collapsed_boxes(document) == {"c2", copy}
    history.do(Text("Delete"), delete_calls(document, ["c2", copy]))
    assert "collapsed" not in document.canvas_extra


def test_a_box_goes_closer_below_a_bar() -> None:
    document, history = made()
    (edge,) = document.graph.edges()
    spot, pushed = with_room(document, edge, (0, 0), document.positions.__getitem__)
    assert spot == (0, 84) and pushed == {"c2": (0, 168)}
    history.do(Text("Collapse"), set_collapsed(document, ["c1"], True))
    spot, pushed = with_room(document, edge, (0, 0), document.positions.__getitem__)
    assert spot == (0, 60) and pushed == {"c2": (0, 144)}
