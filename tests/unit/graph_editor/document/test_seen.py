"""What the canvas shows of collapsed frames, from the document alone."""

from graph_editor.document.canvas.frames import add_frame, free_title
from graph_editor.document.canvas.seen import Seen, seen_as_one
from graph_editor.document.canvas.wire_dots import put_dots
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.graph import Call, Edge, Operation, TensorRef
from graph_editor.document.history import History
from resources.text import Text


def residual() -> Document:
    document = Document()
    for key, args in (("c1", ()), ("c2", ("c1",)), ("c3", ("c2",)), ("c4", ("c3", "c2"))):
        kind = "InputLayer" if not args else "Add" if len(args) > 1 else "Dense"
        document.graph.put_operation(Operation(f"o{key}", kind, {"name": key}, "keras.layers"))
        refs = [TensorRef(source) for source in args]
        document.graph.put_call(Call(key, f"o{key}", (refs,) if len(refs) > 1 else tuple(refs)))
    document.positions = {f"c{number}": (10.0 * number, 100.0 * number) for number in range(1, 5)}
    return document


def wire(document: Document, source: str, target: str) -> Edge:
    return next(e for e in document.graph.edges() if (e.source.call, e.target) == (source, target))


def test_wires_into_one_collapsed_frame_are_one() -> None:
    document = residual()
    main, skip = wire(document, "c2", "c3"), wire(document, "c2", "c4")
    assert seen_as_one(document, main) == [main]
    History(document, FOLLOW_UPS).do(Text("Frame"), add_frame(document, ["c3", "c4"], "f", collapsed=True))
    assert seen_as_one(document, main) == [main, skip] and seen_as_one(document, skip) == [skip, main]
    before = wire(document, "c1", "c2")
    assert seen_as_one(document, before) == [before]


def test_a_wire_with_dots_of_its_own_stands_alone() -> None:
    document = residual()
    history = History(document, FOLLOW_UPS)
    history.do(Text("Frame"), add_frame(document, ["c3", "c4"], "f", collapsed=True))
    history.do(Text("Dot"), put_dots(document, ("c2", 0, "c4"), [(5, 5)]))
    main, skip = wire(document, "c2", "c3"), wire(document, "c2", "c4")
    assert seen_as_one(document, main) == [main] and seen_as_one(document, skip) == [skip]


def test_a_collapsed_frame_moves_as_a_whole() -> None:
    document = residual()
    History(document, FOLLOW_UPS).do(Text("Frame"), add_frame(document, ["c3", "c4"], "f", collapsed=True))
    seen = Seen(document, document.graph, document.positions.__getitem__)
    key = seen.key("c4")
    assert seen.all() == {"c1": (10, 100), "c2": (20, 200), key: (35, 300)}
    assert seen.spread({key: (40, 350), "c1": (0, 0)}) == {"c3": (35, 350), "c4": (45, 450), "c1": (0, 0)}


def test_titles_of_frames_are_numbered() -> None:
    document = residual()
    assert free_title(document, "Residual block") == "Residual block"
    for number, box in enumerate(("c2", "c3"), 1):
        title = free_title(document, "Residual block")
        assert title == ("Residual block" if number == 1 else "Residual block 2")
        History(document, FOLLOW_UPS).do(Text("Frame"), add_frame(document, [box], title))
    assert free_title(document, "Residual block") == "Residual block 3"
