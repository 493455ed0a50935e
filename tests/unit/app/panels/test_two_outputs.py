"""Several outputs of one layer are bound, trained and told each by itself, and what is said of each stays with it."""

from typing import Any

import pytest

from app.panels.data.state import targets
from app.project.project_questions import data_question
from app.project.suggested import suggestions
from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.modes import set_mode
from graph_editor.document.checking.built_model import built
from graph_editor.document.checking.logged import logged_by
from graph_editor.document.edits import Edit
from graph_editor.document.ends import output_names, titles_of_ends
from graph_editor.document.files.file_format import dumps
from graph_editor.document.graph import MUTED, TensorRef
from graph_editor.document.history import History
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.functional import trained_json
from resources.text import Text
from resources.training.output_names import output_names as numbered
from resources.training.sections import bindings_of, outputs_of
from runtime.messages.inference import CallResult, TensorSpec
from runtime.model_configs.ends import output_nest, tensor_names
from runtime.python_code import RunCode
from runtime.spec import DataSource, DataSpec

Json = Any
CATALOG = Catalog.load()
DIGIT = {"loss": "SparseCategoricalCrossentropy", "metrics": ["accuracy"]}
EVEN = {"loss": "BinaryCrossentropy", "metrics": ["AUC"]}


class Desk:
    """The digits project, whose two outputs become those of one nested model "n"."""

    def __init__(self, grouped: bool = True) -> None:
        digits = template("digits")
        assert digits is not None
        self.document = digits.open()
        self.history = History(self.document, FOLLOW_UPS)
        bindings = {**bindings_of(self.document.data), "digit": ["a"], "is_even": ["b"]}
        self.document.data = {**self.document.data, "bindings": bindings}
        callbacks = {
            "early_stopping": {"monitor": "val_digit_accuracy", "mode": "max"},
            "best_checkpoint": {"monitor": "val_is_even_auc", "mode": "max"},
        }
        outputs = {"digit": DIGIT, "is_even": EVEN}
        self.document.training = {**self.document.training, "outputs": outputs, "callbacks": callbacks}
        if not grouped:
            return
        calls = [ref.call for ref in self.document.graph.output_refs()]
        edits, self.box = group(self.document, calls, CATALOG, lambda _ref: ((None, 8), "float32"), "n")
        self.do(edits)

    def do(self, edits: list[Edit]) -> None:
        before = dumps(self.document)
        self.history.do(Text("Step"), edits)
        after = dumps(self.document)
        self.history.undo()
        assert dumps(self.document) == before
        self.history.redo()
        assert dumps(self.document) == after

    def said(self) -> dict[str, Any]:
        """What is said of each output: its columns, and the metrics it is trained with."""
        bound, trained = bindings_of(self.document.data), outputs_of(self.document.training)
        return {name: (bound.get(name), trained.get(name)) for name in output_names(self.document.graph)}

    def monitors(self) -> list[str]:
        return [values["monitor"] for values in self.document.training["callbacks"].values()]

    def mark(self, index: int, on: bool) -> None:
        self.do(commands.set_output(self.document, TensorRef(self.box, index), on))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        (["a", "b"], ["a", "b"]),
        (["n", "n"], ["n", "n_1"]),
        (["n", "n", "n"], ["n", "n_1", "n_2"]),
        (["n", "n", "n_1"], ["n", "n_2", "n_1"]),
        (["n_1", "n", "n"], ["n_1", "n", "n_2"]),
        (["n", "n", "x"], ["n", "n_1", "x"]),
        (["n", "n_1", "n_1", "n"], ["n", "n_1", "n_1_1", "n_2"]),
        ([], []),
    ],
)
def test_the_first_has_the_name_of_the_layer_and_no_two_have_one_name(layers: list[str], names: list[str]) -> None:
    assert numbered(layers, ()) == names


def test_an_input_keeps_its_name() -> None:
    assert numbered(["n", "n"], ["n_1"]) == ["n", "n_2"]


def test_outputs_that_go_into_a_nested_model_take_along_what_is_said_of_them(desk: Desk) -> None:
    assert desk.said() == {"n": (("a",), DIGIT), "n_1": (("b",), EVEN)}
    assert desk.monitors() == ["val_n_accuracy", "val_n_1_auc"]
    desk.do(dissolve(desk.document, desk.box)[0])
    assert desk.said() == {"digit": (("a",), DIGIT), "is_even": (("b",), EVEN)}
    assert desk.monitors() == ["val_digit_accuracy", "val_is_even_auc"]


def test_another_name_of_the_model_is_one_of_both_outputs(desk: Desk) -> None:
    desk.do(commands.rename(desk.document, desk.document.operation_of(desk.box).id, "heads"))
    assert desk.said() == {"heads": (("a",), DIGIT), "heads_1": (("b",), EVEN)}
    assert desk.monitors() == ["val_heads_accuracy", "val_heads_1_auc"]


def test_what_is_said_of_the_second_stays_with_it_when_the_first_is_no_output_any_more(desk: Desk) -> None:
    desk.mark(0, False)
    assert desk.said() == {"n": (("b",), EVEN)}
    assert desk.monitors()[1] == "val_auc"
    desk.mark(0, True)
    assert desk.said() == {"n": (("b",), EVEN), "n_1": (None, None)}
    assert desk.monitors()[1] == "val_n_auc"


def test_nothing_is_kept_for_another_output_when_the_second_goes(desk: Desk) -> None:
    desk.mark(1, False)
    assert desk.said() == {"n": (("a",), DIGIT)} and "n_1" not in bindings_of(desk.document.data)
    desk.mark(1, True)
    assert desk.said() == {"n": (("a",), DIGIT), "n_1": (None, None)}


def test_a_layer_that_is_called_twice_gives_two_outputs(desk: Desk) -> None:
    edits, again = commands.share(desk.document, desk.box, (0, 0))
    desk.do(edits)
    desk.do(commands.set_output(desk.document, TensorRef(again), True))
    assert list(desk.said()) == ["n", "n_1", "n_2"] and desk.said()["n_1"] == (("b",), EVEN)
    assert titles_of_ends(desk.document)["n_2"] == "n › digit (2)"


def test_people_see_the_layer_inside_that_gives_an_output(desk: Desk) -> None:
    assert titles_of_ends(desk.document) == {"n": "n › digit", "n_1": "n › is_even"}


def test_all_that_is_told_of_a_run_has_a_name_of_its_own(desk: Desk) -> None:
    told = [entry.name for entry in logged_by(desk.document.graph, outputs_of(desk.document.training), CATALOG)]
    assert told == ["loss", "n_loss", "n_accuracy", "n_1_loss", "n_1_auc"]


def test_a_run_and_a_script_know_the_outputs_by_the_same_names(desk: Desk) -> None:
    model = trained_json(desk.document)
    assert [leaf[0] for leaf in model["config"]["output_layers"]] == ["n", "n"]  # as Keras has it
    assert list(tensor_names(model, "output_layers")) == output_nest(model) == ["n", "n_1"]


def test_the_script_names_them_before_it_compiles_and_nests_the_columns_in_their_order(desk: Desk) -> None:
    source = python_source(desk.document, CATALOG, RunCode())
    assert source.index('model.output_names = ["n", "n_1"]') < source.index("model.compile(")
    assert 'y = [data["a"].astype("int32"), data["b"].astype("float32")]' in source
    plain = python_source(Desk(grouped=False).document, CATALOG, RunCode())
    assert "model.compile(" in plain and "output_names" not in plain


def test_data_and_train_ask_for_each(desk: Desk) -> None:
    shapes = (TensorSpec((None, 10), "float32"), TensorSpec((None, 1), "float32"))
    results = {ref.call: CallResult(ref.call, shapes) for ref in desk.document.graph.output_refs()}
    shown = [(each.name, each.shown_name, each.shape) for each in targets(desk.document, results, ())]
    assert shown[-2:] == [("n", "n › digit", ()), ("n_1", "n › is_even", (1,))]
    assert list(suggestions(desk.document, results, ())) == ["n", "n_1"]
    asked = data_question(desk.document, results, DataSpec((DataSource("csv", "/data.csv"),)))
    assert [(end.name, end.shape) for end in asked.outputs] == [("n", (None, 10)), ("n_1", (None, 1))]


def test_what_is_said_of_one_goes_with_it_while_the_other_is_muted(desk: Desk) -> None:
    inner = desk.document.graphs[str(desk.document.operation_of(desk.box).graph)]
    desk.do(set_mode(desk.document, [inner.output_refs()[0].call], MUTED, CATALOG))
    meant = built(desk.document, CATALOG)
    assert output_names(meant.graph) == ["n"]
    assert bindings_of(meant.data)["n"] == ("b",) and outputs_of(meant.training)["n"] == EVEN
