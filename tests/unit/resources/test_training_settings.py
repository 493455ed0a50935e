"""What a declaration of a training setting promises, and that nobody reads a setting past its declaration."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.panels.run_parts.restoring import restored_data, restored_training
from resources.training.registry import applying, arguments, calls_before, find_setting, settings, written_values
from resources.training.sections import COMPOUND
from resources.training.setting import Argument, Setting, SettingError
from resources.training.settings.epochs import SETTING as EPOCHS
from resources.training.settings.seed import SETTING as SEED
from resources.training.settings.shuffle import SETTING as SHUFFLE
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT
from runtime.spec import KerasObject, TrainingSettings
from tests.support.dummies import one_more

ROOT = Path(__file__).parents[3]
OTHER_MEANINGS = {  # of these names
    "graph_editor/keras_format/files/compiled.py",  # what Keras wrote into a model file
    "app/generators/make_templates.py",  # writes projects whole
}


def setting(key: str) -> Setting[Any]:
    found = find_setting(key)
    assert found is not None
    return found


def test_each_setting_has_a_name_of_its_own_for_people() -> None:
    """The comparison of runs goes by title."""
    assert [title for title, count in Counter(str(one.title) for one in settings()).items() if count > 1] == []
    assert [one.key for one in settings() if one.key in COMPOUND] == []


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("epochs", " 20 ", 20),
        ("seed", "none", None),
        ("seed", "4294967295", 2**32 - 1),
        ("validation_percent", "12.5", 12.5),
        ("validation_percent", "0", 0),
        ("shuffle", "Off", False),
        ("shuffle", "yes", True),
        ("device", "gpu:3", "gpu:3"),
        ("learning_rate", "1e-3", 1e-3),
    ],
)
def test_what_is_typed_becomes_a_value(key: str, typed: str, value: object) -> None:
    found = setting(key).parse(typed)
    assert (found, type(found)) == (value, type(value)) or found == value == 0


@pytest.mark.parametrize(
    ("key", "typed", "allowed"),
    [
        ("epochs", "0", "a whole number from 1 to 2147483647"),
        ("epochs", "99999999999999999999", "a whole number from 1 to 2147483647"),
        ("epochs", "1_000", "a whole number from 1 to 2147483647"),
        ("epochs", "1.5", "a whole number from 1 to 2147483647"),
        ("epochs", "٣", "a whole number from 1 to 2147483647"),
        ("epochs", "none", "a whole number from 1 to 2147483647"),
        ("epochs", "", "a whole number from 1 to 2147483647"),
        ("seed", "-1", "a whole number from 0 to 4294967295, or none"),
        ("validation_percent", "100", "a number, at least 0 and below 100"),
        ("validation_percent", "nan", "a number, at least 0 and below 100"),
        ("learning_rate", "inf", "a number, at least 0, or none"),
        ("shuffle", "maybe", "on or off"),
        ("device", "gpu", "cpu, gpu:0 or all"),
        ("device", "cpu\n", "cpu, gpu:0 or all"),
    ],
)
def test_what_is_no_value_is_refused_by_name_and_range(key: str, typed: str, allowed: str) -> None:
    with pytest.raises(SettingError) as caught:
        setting(key).parse(typed.replace("\n", "x"))
    assert f"The setting {setting(key).title} is " in str(caught.value)
    assert str(caught.value).endswith(f"; it must be {allowed}.")


@pytest.mark.parametrize("value", [True, 0, "3", 3.0, [3], {}, float("nan")])
def test_values_of_other_kinds_are_none(value: object) -> None:
    assert not EPOCHS.takes(value)
    assert EPOCHS.written({"epochs": value}) is value and EPOCHS.sound({"epochs": value}) == 10


def test_numbers_without_an_end_are_refused() -> None:
    assert SEED.takes(0) and not SEED.takes(10**400)
    assert not VALIDATION_PERCENT.takes(10**400) and not VALIDATION_PERCENT.takes(-(10**400))


def test_nothing_in_a_file_means_the_default() -> None:
    for section in ({}, {"epochs": None}):
        assert EPOCHS.written(section) == EPOCHS.sound(section) == 10
    assert arguments("fit", written_values({"batch_size": None}, {"shuffle": None}), handled=True) == {
        "batch_size": 32, "epochs": 10, "validation_split": 0.2,
    }  # fmt: skip


def test_keras_is_told_what_differs_from_what_it_does_by_itself() -> None:
    values = written_values({"seed": 7}, {"shuffle": False, "validation_percent": 0})
    assert arguments("fit", values, handled=True) == {"batch_size": 32, "epochs": 10, "shuffle": False}
    assert arguments("fit", values, handled=False) == {"epochs": 10}
    assert arguments("compile", values, handled=True) == {}
    assert calls_before(values) == [("keras.utils.set_random_seed", 7)]
    assert calls_before(written_values({}, {})) == []


def test_damaged_values_are_written_as_they_stand_unless_they_would_be_reckoned_with() -> None:
    values = written_values({"epochs": "many"}, {"validation_percent": "much"})
    assert arguments("fit", values, handled=True) == {"batch_size": 32, "epochs": "many"}
    assert {one.key for one in applying(values)} >= {"epochs", "validation_percent"}


def test_a_wrong_declaration_is_an_error() -> None:
    fields = {name: getattr(EPOCHS, name) for name in ("key", "title", "help", "kind", "default", "order", "minimum")}
    for wrong in ({"default": 0}, {"default": "ten"}, {"key": "two words"}):
        with pytest.raises(ValueError, match="declaration"):
            Setting(**{**fields, **wrong})


def test_settings_of_a_run_come_back_and_all_else_stays_as_it_is_written() -> None:
    settings = TrainingSettings(KerasObject("SGD"), epochs=3, seed=None, validation_percent=25.0, shuffle=True)
    before = {"seed": 5, "of_the_future": [1], "epochs": 3, "optimizer": "Adam", "initial_weights": "w.keras"}
    after = restored_training(settings, before, ())
    assert list(after)[:4] == ["seed", "of_the_future", "epochs", "optimizer"], "the order of a file's keys stays"
    assert (after["seed"], after["of_the_future"], after["epochs"]) == (None, [1], 3)
    assert after["optimizer"] == {"class_name": "SGD", "config": {}} and "initial_weights" not in after
    assert restored_training(settings, before, (), "v.keras")["initial_weights"] == "v.keras"
    data = {"validation_percent": 25, "shuffle": 1, "source": {}}
    restored = restored_data(settings, data)
    assert repr(restored) == "{'validation_percent': 25, 'shuffle': True, 'source': {}}", "1 is no value of a switch"
    assert restored_data(settings, {"source": {}}) == {"source": {}, "validation_percent": 25}


def test_each_argument_is_one_of_kerass() -> None:
    """What code hands to Keras beside the settings is not taken twice."""
    names = [one.acts.name for one in settings() if isinstance(one.acts, Argument)]
    assert len(names) == len(set(names))
    taken = {"x", "y", "callbacks", "validation_data", "verbose", "optimizer", "loss", "metrics", "loss_weights"}
    assert not taken & set(names)
    assert SHUFFLE.acts == Argument("fit", "shuffle", (True,), handled=True)


def test_no_setting_is_read_past_its_declaration() -> None:
    keys = {one.key for one in settings()}
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for package in ("app", "graph_editor", "runtime")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in OTHER_MEANINGS
        for line in read_by_name(ast.parse(path.read_text("utf-8")), keys)
    ]
    assert found == []


def test_the_rule_about_reading_sees_what_it_should() -> None:
    source = "a.get('epochs', 1)\nb['epochs']\nc[0]\nd.get(key)\ne['loss']\nf = {**f, 'epochs': 1}\ng = {'epochs': 1}\n"
    assert list(read_by_name(ast.parse(source), {"epochs"})) == [1, 2, 6]


def read_by_name(tree: ast.AST, keys: set[str]) -> Iterator[int]:
    """Lines where a key is looked up in a mapping by its name in quotes, or put into a changed copy of one."""
    for node in ast.walk(tree):
        asked: list[ast.expr | None] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            asked = [*node.args[:1]]
        elif isinstance(node, ast.Subscript):
            asked = [node.slice]
        elif isinstance(node, ast.Dict) and None in node.keys:
            asked = [*node.keys]
        for key in asked:
            if isinstance(key, ast.Constant) and key.value in keys:
                yield key.lineno


def test_a_file_that_declares_the_key_of_another_is_an_error(tmp_path: Path) -> None:
    settings.cache_clear()
    source = "from resources.training.settings.epochs import SETTING\n"
    with (
        one_more("resources.training.settings", "other", source, tmp_path),
        pytest.raises(ValueError, match=r"settings\.other declares the key 'epochs'"),
    ):
        settings()
    assert [one.key for one in settings()].count("epochs") == 1
