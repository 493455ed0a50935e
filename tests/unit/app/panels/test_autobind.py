"""What is bound by itself, and the sentence about what is not: neither Qt nor Keras."""

from __future__ import annotations

from typing import Any

import pytest

from app.panels.data.autobind import AutoBinding, autobind, notice_of
from app.panels.data.state import Target, fits
from runtime.messages.describing import Column

IMAGE = Column("image", (8, 8), "uint8", 100, "image", 0, 16)
DIGIT = Column("digit", (), "uint8", 100, "category", 0, 9, 10)
EVEN = Column("even", (1,), "uint8", 100, "category", 0, 1, 2)
WORDS = Column("words", (), "object", 100, "text")
COLUMNS = (IMAGE, DIGIT, EVEN, WORDS)


def number(name: str, samples: int = 100) -> Column:
    return Column(name, (), "float32", samples, "number", -3.5, 7.25)


def whole(name: str, low: int, high: int, samples: int = 100) -> Column:
    return Column(name, (), "int64", samples, "category", low, high, high - low + 1)


def words(name: str, *texts: str) -> Column:
    return Column(name, (), "int32", 100, "category", categories=texts)


def numbers(count: int, stem: str = "f") -> list[Column]:
    return [number(f"{stem}{index}") for index in range(count)]


def classes(count: int, name: str = "label", **more: Any) -> Target:
    return Target(name, "", "output", (), count, **more)


def yes_or_no(name: str = "flag") -> Target:
    return Target(name, "", "output", (1,), binary=True)


def vector(size: int, name: str = "features") -> Target:
    return Target(name, "", "input", (size,))


def bindings(found: AutoBinding) -> dict[str, list[str]]:
    return dict(found.data["bindings"])


def reason(found: AutoBinding, name: str) -> str:
    return str(found.reasons[name])


def test_names_come_first_and_what_nothing_fits_says_what_it_wants() -> None:
    wanted = [
        Target("photo", "", "input", (8, 8, 1)),
        Target("digit", "", "output", (), 10),
        Target("parity", "", "output", (1,)),
        Target("size", "", "output", (4,)),
    ]
    found = autobind({"shuffle": False}, wanted, COLUMNS)
    assert found.data == {
        "shuffle": False,
        "bindings": {"photo": ["image"], "digit": ["digit"], "parity": ["even"]},
    }
    assert [target.name for target in found.bound] == ["photo", "digit", "parity"]
    assert {name: str(text) for name, text in found.reasons.items()} == {
        "size": "No column is what the model wants here: 4."
    }


def test_what_is_bound_stays_and_what_is_gone_is_dropped() -> None:
    data = {"bindings": {"digit": ["even"], "photo": ["lost"]}}
    wanted = [Target("photo", "", "input", (8, 8, 1)), Target("digit", "", "output", (), 10)]
    found = autobind(data, wanted, COLUMNS)
    assert bindings(found) == {"digit": ["even"], "photo": ["image"]}
    assert [target.name for target in found.bound] == ["photo"]
    assert data == {"bindings": {"digit": ["even"], "photo": ["lost"]}}


def test_two_columns_that_fit_alike_are_left_to_the_person_who_is_told_which() -> None:
    twins = (Column("a", (3,), "float32", 5, "number"), Column("b", (3,), "float32", 5, "number"))
    found = autobind({}, [vector(3, "x")], twins)
    assert bindings(found) == {}
    assert reason(found, "x") == "2 columns fit alike; choose one: a, b."


def test_one_column_that_two_inputs_want_goes_to_neither() -> None:
    found = autobind({}, [vector(3, "left"), vector(3, "right")], [Column("v", (3,), "float32", 5, "number")])
    assert bindings(found) == {}
    assert reason(found, "left") == "v fits right just as well; choose where it belongs."


@pytest.mark.parametrize(
    "target, column",
    [
        (classes(10), whole("kind", 0, 9)),
        (classes(3), words("kind", "cat", "dog", "owl")),
        (yes_or_no(), whole("kind", 0, 1)),
        (yes_or_no(), words("kind", "no", "yes")),
        (yes_or_no(), Column("kind", (), "bool", 100, "category", 0, 1, 2)),
        (Target("out", "", "output", (4,), either=True), whole("kind", 0, 3)),  # linear, the loss not chosen
        (Target("out", "", "output", (3,), either=True), words("kind", "cat", "dog", "owl")),
    ],
)
def test_a_class_column_is_found_by_its_range(target: Target, column: Column) -> None:
    others = [*numbers(3), whole("age", 18, 90), words("city", "A", "B", "C", "D", "E"), whole("small", 0, 6)]
    assert bindings(autobind({}, [target], [*others, column])) == {target.name: ["kind"]}


def test_classes_that_just_fit_are_preferred_to_fewer_of_them() -> None:
    found = autobind({}, [classes(10)], [whole("hour", 0, 4), whole("kind", 0, 9)])
    assert bindings(found) == {"label": ["kind"]}


def test_two_class_columns_of_the_same_range_are_left_to_the_person() -> None:
    found = autobind({}, [classes(10)], [whole("one", 0, 9), whole("two", 0, 9)])
    assert bindings(found) == {}
    assert reason(found, "label") == "2 columns fit alike; choose one: one, two."


def test_a_class_beyond_the_units_is_no_class_of_the_output() -> None:
    found = autobind({}, [classes(10)], [whole("kind", 0, 10), whole("from_one", 1, 10), number("weight")])
    assert bindings(found) == {}
    assert reason(found, "label") == "No column is what the model wants here: class 0–9."


def test_yes_or_no_goes_where_it_is_wanted_and_leaves_the_classes() -> None:
    found = autobind({}, [classes(10), yes_or_no()], [whole("even", 0, 1), whole("kind", 0, 9)])
    assert bindings(found) == {"label": ["kind"], "flag": ["even"]}


def test_one_hot_columns_fit_while_no_loss_is_chosen() -> None:
    one_hot = Column("kind", (5,), "float32", 100, "number", 0, 1)
    assert fits(classes(5, either=True), one_hot)
    assert not fits(classes(5), one_hot)


def test_words_are_no_truth_of_a_loss_that_compares_numbers() -> None:
    assert not fits(Target("price", "", "output", (1,)), words("price", "high", "low"))


def test_words_are_bound_to_an_input_that_takes_words_and_to_no_other_unasked() -> None:
    color = words("shade", "green", "red")
    assert bindings(autobind({}, [Target("text", "", "input", (1,), words=True)], [color, number("n")])) == {
        "text": ["shade"]
    }
    found = autobind({}, [Target("amount", "", "input", (1,))], [color])
    assert bindings(found) == {}
    assert reason(found, "amount") == "shade holds words, which become numbers only if you choose it."


def test_all_columns_of_numbers_go_side_by_side_in_the_order_of_the_file_but_not_the_truth() -> None:
    columns = [*numbers(4, "z"), whole("kind", 0, 2), *numbers(6, "a"), words("city", "A", "B", "C", "D")]
    found = autobind({}, [vector(10), classes(3)], columns)
    assert bindings(found)["label"] == ["kind"]
    assert bindings(found)["features"] == [*(f"z{n}" for n in range(4)), *(f"a{n}" for n in range(6))]
    assert not found.reasons


def test_columns_that_fill_a_picture_are_read_row_by_row() -> None:
    columns = [whole("label", 0, 9), *(whole(f"pixel{n}", 0, 255) for n in range(784))]
    found = autobind({}, [Target("image", "", "input", (28, 28, 1)), classes(10, "digit")], columns)
    assert bindings(found)["digit"] == ["label"]
    assert bindings(found)["image"] == [f"pixel{n}" for n in range(784)]


def test_the_truth_of_a_number_is_chosen_first() -> None:
    """Any of the columns could be it; had the input taken ten of the eleven, one by chance would be left."""
    price = Target("price", "", "output", (1,))
    found = autobind({}, [vector(10), price], numbers(11))
    assert bindings(found) == {}
    assert reason(found, "features") == (
        "Columns of numbers can stand here side by side; choose the column of price first."
    )
    assert reason(found, "price").startswith("11 columns fit alike; choose one: f0, f1,")
    then = autobind({"bindings": {"price": ["f3"]}}, [vector(10), price], numbers(11))
    assert bindings(then)["features"] == [f"f{n}" for n in range(11) if n != 3]


@pytest.mark.parametrize("name", ["price", "y", "target", "train/price"])
def test_a_column_that_is_called_as_the_truth_is_it(name: str) -> None:
    found = autobind({}, [vector(10), Target("price", "", "output", (1,))], [number(name), *numbers(10)])
    assert bindings(found)["price"] == [name]
    assert len(bindings(found)["features"]) == 10


@pytest.mark.parametrize(
    "count, text",
    [
        (9, "It takes 10 numbers, but 9 columns of numbers are left."),
        (12, "It takes 10 numbers, but 12 columns of numbers are left; choose those that belong here."),
    ],
)
def test_too_few_and_too_many_numbers_are_counted(count: int, text: str) -> None:
    found = autobind({}, [vector(10)], numbers(count))
    assert bindings(found) == {}
    assert reason(found, "features") == text


def test_columns_that_are_called_like_an_input_go_there() -> None:
    columns = [*numbers(3, "left_"), *numbers(3, "right_")]
    found = autobind({}, [vector(3, "left"), vector(3, "right")], columns)
    assert bindings(found) == {"left": ["left_0", "left_1", "left_2"], "right": ["right_0", "right_1", "right_2"]}
    alike = autobind({}, [vector(3, "left"), vector(3, "right")], numbers(3))
    assert bindings(alike) == {}
    assert reason(alike, "left") == ("3 columns of numbers are left, and more than one input or output takes so many.")


def test_the_part_that_trains_is_taken_of_a_file_that_holds_a_test_part_too() -> None:
    columns = [
        Column("x_test", (28, 28), "uint8", 10, "image", 0, 255),
        whole("y_test", 0, 9, 10),
        Column("x_train", (28, 28), "uint8", 60, "image", 0, 255),
        whole("y_train", 0, 9, 60),
    ]
    found = autobind({}, [Target("image", "", "input", (28, 28, 1)), classes(10)], columns)
    assert bindings(found) == {"image": ["x_train"], "label": ["y_train"]}


def test_a_column_with_another_number_of_samples_is_named() -> None:
    short = Column("even", (), "uint8", 90, "category", 0, 1, 2)
    found = autobind({}, [Target("image", "", "input", (8, 8)), classes(10, "digit"), yes_or_no("even")],
                     [IMAGE, DIGIT, short])  # fmt: skip
    assert bindings(found) == {"image": ["image"], "digit": ["digit"]}
    assert reason(found, "even") == "even fits, but has 90 samples where the others have 100."


def test_a_column_that_is_used_is_named_with_what_it_feeds() -> None:
    found = autobind({"bindings": {"one": ["v"]}}, [vector(3, "one"), vector(3, "two")],
                     [Column("v", (3,), "float32", 5, "number")])  # fmt: skip
    assert bindings(found) == {"one": ["v"]}
    assert reason(found, "two") == "v fits, but is bound to one already."


def test_a_shape_that_is_not_known_is_bound_by_the_name_alone() -> None:
    unknown = [Target("image", "", "input", None), Target("other", "", "input", None)]
    found = autobind({}, unknown, COLUMNS)
    assert bindings(found) == {"image": ["image"]}
    assert reason(found, "other") == "The shape that the model wants here is not known yet."


def test_short_names_are_no_parts_of_long_ones() -> None:
    """ "id" is in "width", and "age" in "average"."""
    columns = [whole("width", 0, 500), whole("id", 0, 99), number("average"), number("age")]
    found = autobind({}, [Target("age", "", "input", (1,)), Target("idle", "", "input", (1,))], columns)
    assert bindings(found) == {"age": ["age"]}


def test_the_notice_says_what_was_bound_and_what_not() -> None:
    done = autobind({}, [classes(10, "digit")], COLUMNS)
    assert notice_of(done) == "Bound: digit."
    assert notice_of(autobind(done.data, [classes(10, "digit")], COLUMNS)) == (
        "Every input and output has its column already."
    )
    many = [vector(7 + n, f"input_{n}") for n in range(5)]
    lines = notice_of(autobind({}, [classes(10, "digit"), *many], COLUMNS)).split("\n")
    assert lines[0] == "Bound: digit."
    assert lines[1] == "input_0 is not bound. It takes 7 numbers, but only even is left."
    assert lines[4] == "2 more are not bound; why stands at each."


def test_no_data_and_no_targets_bind_nothing() -> None:
    assert bindings(autobind({}, [], COLUMNS)) == {}
    found = autobind({}, [vector(3)], [])
    assert reason(found, "features") == "No column is what the model wants here: 3."
