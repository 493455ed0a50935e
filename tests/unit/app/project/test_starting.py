"""A model to begin with: what goes in, what comes out, how it is trained; all of it in one step that can be undone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.project.starting.purpose import NoPurposeError, purpose_of, targets_of
from app.project.starting.start import start_from_data
from app.project.starting.words import purpose_text
from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps
from graph_editor.document.history import History
from resources.text import Text
from runtime.messages.describing import Column

PICTURES = (
    Column("image", (32, 32, 3), "uint8", 300, "image", 0, 255),
    Column("label", (), "int64", 300, "category", categories=("cat", "dog", "hen")),
    Column("name", (), "object", 300, "text"),
)
TABLE = (
    Column("age", (), "float64", 900, "number", 1, 90, missing=4),
    Column("rooms", (), "int64", 900, "category", 1, 7, 7),
    Column("town", (), "int64", 900, "category", categories=("Busan", "Daegu", "Seoul")),
    Column("price", (), "float64", 900, "number", 5, 700),
)


def start(document: Document, columns: tuple[Column, ...], *targets: str) -> Document:
    """The document as it is after the one step, without a problem."""
    catalog = Catalog.load()
    before = dumps(document)
    history = History(document, FOLLOW_UPS)
    history.do("start", start_from_data(document, catalog, columns, targets).edits)
    assert [problem.text.english() for problem in problems(document, catalog)] == []
    after = dumps(document)
    history.undo()
    assert dumps(document) == before, "one step back is where it began"
    history.redo()
    assert dumps(document) == after
    return document


def said(columns: tuple[Column, ...], target: str) -> str:
    return purpose_text(purpose_of(columns, (target,))).english()


def layers(document: Document) -> list[str]:
    return [document.operation_of(call).class_name for call in document.graph.calls]


def test_what_is_to_be_told_is_found() -> None:
    assert [column.name for column in targets_of(PICTURES)] == ["label"]
    assert [column.name for column in targets_of(TABLE)] == ["price", "town", "rooms", "age"]
    assert targets_of((*TABLE[:1], TABLE[3]))[0].name == "price"
    mask = Column("mask", (32, 32, 1), "uint8", 300, "mask", 0, 2)
    assert targets_of((*PICTURES, mask))[0].name == "mask"


def test_pictures_are_told_apart() -> None:
    document = start(Document("3.15.1"), PICTURES, "label")
    assert layers(document)[:4] == ["InputLayer", "Rescaling", "Conv2D", "MaxPooling2D"]
    head = document.operation_of(document.graph.output_refs()[0].call)
    assert (head.class_name, head.name, head.config["units"], head.config["activation"]) == (
        "Dense", "label", 3, "softmax",
    )  # fmt: skip
    assert document.data["bindings"] == {"image": ["image"], "label": ["label"]}
    assert document.training["outputs"]["label"]["loss"]["class_name"] == "SparseCategoricalCrossentropy"
    assert document.data["split"] == "stratified"


def test_a_table_is_put_side_by_side() -> None:
    document = start(Document("3.15.1"), TABLE, "price")
    assert document.data["bindings"] == {"features": ["age", "rooms", "town"], "price": ["price"]}
    first = document.operation_of(document.graph.input_refs()[0].call)
    assert first.config["batch_shape"] == [None, 5]
    assert document.data["columns"] == {
        "age": {"steps": [{"step": "fill", "with": "median"}, {"step": "normalize"}]},
        "rooms": {"steps": [{"step": "normalize"}]},
        "town": {"steps": [{"step": "one_hot"}]},
    }
    assert document.training["outputs"]["price"]["loss"]["class_name"] == "MeanSquaredError"


def test_steps_that_a_person_gave_stay() -> None:
    document = Document("3.15.1")
    document.data = {"columns": {"age": {"steps": [{"step": "clip"}], "kind": "number"}}}
    assert start(document, TABLE, "price").data["columns"]["age"] == {"steps": [{"step": "clip"}], "kind": "number"}


def test_samples_without_a_label_are_left_out_and_that_is_said() -> None:
    price = replace(TABLE[3], missing=7)
    document = start(Document("3.15.1"), (*TABLE[:3], price), "price")
    assert document.data["columns"]["price"] == {"steps": [{"step": "drop_missing"}]}
    assert "Samples without price are left out." in said((*TABLE[:3], price), "price")
    document = Document("3.15.1")
    document.data = {"columns": {"price": {"steps": [{"step": "log"}]}}}
    steps = start(document, (*TABLE[:3], price), "price").data["columns"]["price"]["steps"]
    assert [step["step"] for step in steps] == ["drop_missing", "log"], "the step that a person gave stays"


def test_what_is_done_unasked_is_said() -> None:
    bought = Column("bought", (), "float64", 900, "date", 0, 1e9)
    number = Column("user_id", (), "int64", 900, "number", 0, 899)
    words = said((bought, number, *TABLE), "price")
    assert words.endswith("Not used: bought, as a date goes in only with the step Date parts.")
    assert "Not used" not in said(TABLE, "price")
    sizes = Text("The pictures of 66×90 to 100×70 (height×width) are each made 64×64.")
    words = said((replace(PICTURES[0], note=sizes), *PICTURES[1:]), "label")
    assert words.endswith(f"network. {sizes.english()}")
    town = Column("street", (), "int64", 900, "category", categories=tuple(map(str, range(2000))))
    assert said((town, *TABLE), "price").endswith("Not used: street.")


def test_gaps_of_windows_are_filled() -> None:
    window = Column("window", (48, 4), "float32", 100, "sequence", missing=3)
    document = start(Document("3.15.1"), (window, Column("next", (), "float32", 100, "number", 0, 1)), "next")
    assert document.data["columns"]["window"]["steps"][0] == {"step": "fill", "with": "mean"}


def test_texts_are_read_word_by_word() -> None:
    text = Column("review", (), "object", 500, "text")
    document = start(Document("3.15.1"), (text, Column("good", (), "bool", 500, "category", 0, 1, 2)), "good")
    assert layers(document)[:2] == ["InputLayer", "Embedding"]
    head = document.operation_of(document.graph.output_refs()[0].call)
    assert (head.config["units"], head.config["activation"]) == (1, "sigmoid")
    (step,) = document.data["columns"]["review"]["steps"]
    assert step["step"] == "text_vectorization"


def test_masks_get_a_u_net() -> None:
    mask = Column("mask", (40, 32, 1), "uint8", 30, "mask", 0, 2)
    image = Column("image", (40, 32, 3), "uint8", 30, "image", 0, 255)
    document = start(Document("3.15.1"), (image, mask), "mask")
    head = document.operation_of(document.graph.output_refs()[0].call)
    assert (head.class_name, head.config["filters"], head.config["activation"]) == ("Conv2D", 3, "softmax")
    assert layers(document).count("UpSampling2D") == layers(document).count("MaxPooling2D") == 3


def test_series_and_sounds() -> None:
    window = Column("window", (48, 4), "float32", 100, "sequence")
    document = start(Document("3.15.1"), (window, Column("next", (), "float32", 100, "number", 0, 1)), "next")
    assert "LSTM" in layers(document) and "Conv1D" in layers(document)
    sound = Column("sound", (16000,), "float32", 100, "audio", -1, 1)
    label = Column("word", (), "int64", 100, "category", categories=("no", "yes"))
    assert "MelSpectrogram" in layers(start(Document("3.15.1"), (sound, label), "word"))


def test_several_outputs_and_a_picture_beside_numbers() -> None:
    weight, age = (Column(name, (), "float32", 300, "number", 0, 9) for name in ("weight", "age"))
    columns = (*PICTURES, weight, age)
    document = start(Document("3.15.1"), columns, "label", "weight")
    assert document.data["bindings"] == {
        "image": ["image"], "features": ["age"], "label": ["label"], "weight": ["weight"],
    }  # fmt: skip
    assert "Concatenate" in layers(document)


def test_it_takes_the_place_of_what_is_there() -> None:
    digits = template("digits")
    assert digits is not None
    document = start(digits.open(), PICTURES, "label")
    assert set(document.training["outputs"]) == {"label"}
    assert document.training["epochs"] == 20, "what was chosen stays"


def test_names_that_keras_does_not_take() -> None:
    columns = (
        Column("그림/사진", (16, 16), "float32", 9, "image", 0, 1),
        Column("🐈", (), "int64", 9, "category", 0, 3, 4),
    )
    document = start(Document("3.15.1"), columns, "🐈")
    assert sorted(document.data["bindings"].values()) == [["그림/사진"], ["🐈"]]


@pytest.mark.parametrize(("columns", "target"), [((), ""), (PICTURES[1:2], "label"), (PICTURES, "name")])
def test_nothing_to_start_from_is_said(columns: tuple[Column, ...], target: str) -> None:
    with pytest.raises(NoPurposeError):
        purpose_of(columns, (target,))


SERIES = (
    Column("date", (), "float64", 1800, "date", 0, 1e9),
    Column("station", (), "int64", 1800, "category", categories=("Busan", "Jeju", "Seoul")),
    Column("temperature", (), "float64", 1800, "number", -9, 30, missing=2),
    Column("pressure", (), "float64", 1800, "number", 990, 1030),
)
WINDOWS = {"length": 24, "horizon": 1, "order_by": "date", "group_by": "station"}


def of_windows(**changes: int | str) -> Document:
    document = Document("3.15.1")
    document.data = {"windows": {**WINDOWS, **changes}}
    return document


def test_windows_of_a_series_are_told_from_the_past_of_all_numbers() -> None:
    document = start(of_windows(), SERIES, "pressure")
    first = document.operation_of(document.graph.input_refs()[0].call)
    assert (first.name, first.config["batch_shape"]) == ("features", [None, 24, 2])
    assert layers(document) == ["InputLayer", "LSTM", "Dense"]
    assert document.data["bindings"] == {"features": ["temperature", "pressure"], "pressure": ["pressure"]}
    assert document.data["columns"] == {
        "temperature": {"steps": [{"step": "fill", "with": "median"}, {"step": "normalize"}]},
        "pressure": {"steps": [{"step": "normalize"}]},
    }
    assert (document.data["split"], document.data["split_column"]) == ("time", "date")


def test_windows_of_one_column_get_an_axis_for_it() -> None:
    document = start(of_windows(order_by=""), SERIES[3:], "pressure")
    assert layers(document) == ["InputLayer", "Reshape", "LSTM", "Dense"]
    assert document.data["split"] == "last", "a random split would tear the windows apart"


def test_windows_that_hold_the_truth_do_not_show_it() -> None:
    document = start(of_windows(horizon=0), SERIES, "pressure")
    assert document.data["bindings"]["features"] == ["temperature"]
    with pytest.raises(NoPurposeError):
        start(of_windows(horizon=0), SERIES[3:], "pressure")


def test_numbers_that_name_a_sample_do_not_go_in() -> None:
    """People in a file that is sorted by what is told: their numbers alone would tell it."""
    names = ("id", "User ID", "index", "price_index")
    numbers = tuple(Column(name, (), "int64", 900, "number", 0, 899, 900) for name in names)
    document = start(Document("3.15.1"), (*numbers, *TABLE[:1], TABLE[3]), "price")
    assert document.data["bindings"]["features"] == ["price_index", "age"]
