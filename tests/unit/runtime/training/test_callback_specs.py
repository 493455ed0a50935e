import subprocess
import sys
from typing import Any

import pytest

from resources.training.metric_logs import keras_metric
from resources.training.setting import SettingError
from runtime.callback_specs import callback_module, callback_specs, chosen_directions, find_callback


def test_all_callbacks_describe_themselves() -> None:
    specs = callback_specs()
    assert [spec.key for spec in specs] == ["early_stopping", "best_checkpoint", "reduce_on_plateau", "tensorboard"]
    for spec in specs:
        assert callable(callback_module(spec.key).build)
        assert str(spec.title) and str(spec.help)
        spec.check(spec.values({}))


def test_values_are_filled_up_with_defaults() -> None:
    early = callback_specs()[0]
    assert early.values({"patience": 9, "unknown": 1}) == {
        "monitor": "val_loss",
        "mode": "auto",
        "patience": 9,
        "min_delta": 0.0,
        "restore_best_weights": True,
        "baseline": None,
        "start_from_epoch": 0,
        "verbose": 0,
    }


def test_the_descriptions_need_no_keras() -> None:
    code = (
        "import sys; from runtime.callback_specs import callback_specs; from runtime.data_kinds import data_kinds; "
        "import runtime.store, runtime.advice.suggestions, runtime.worker.data.answering.answers; "
        "callback_specs(); data_kinds(); "
        "sys.exit(bool({'keras', 'tensorflow', 'PySide6'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("key", "values", "sentence"),
    [
        ("early_stopping", {"patiance": 3}, "Early stopping has no patiance; it has monitor, mode, patience,"),
        ("early_stopping", {"patience": -1}, "patience of Early stopping is -1; it must be a whole number"),
        ("early_stopping", {"patience": 2.5}, "patience of Early stopping is 2.5"),
        ("early_stopping", {"mode": "highest"}, "it must be one of auto, min, max"),
        ("early_stopping", {"monitor": 5}, "monitor of Early stopping is 5; it must be the name of a metric"),
        ("early_stopping", {"baseline": "0.5"}, "it must be a number, or none"),
        ("early_stopping", {"restore_best_weights": 1}, "it must be on or off"),
        ("reduce_on_plateau", {"factor": 1.0}, "at least 0 and below 1"),
        ("reduce_on_plateau", {"min_delta": None}, "is none"),
        ("best_checkpoint", {"filepath": "/tmp/x.keras"}, "Best checkpoint has no filepath"),
        ("best_checkpoint", {"save_best_only": False}, "Best checkpoint always has save_best_only True."),
        ("best_checkpoint", {"save_freq": 100}, "Best checkpoint always has save_freq epoch."),
        ("tensorboard", {"update_freq": 7}, "it must be one of epoch, batch"),
        ("tensorboard", {"monitor": "loss"}, "TensorBoard log has no monitor"),
    ],
)
def test_what_a_callback_does_not_take_is_said_with_its_name(key: str, values: Any, sentence: str) -> None:
    spec = find_callback(key)
    assert spec is not None
    with pytest.raises(SettingError) as raised:
        spec.check(values)
    assert sentence in raised.value.text.english()


def test_arguments_that_say_what_is_so_anyway_are_taken() -> None:
    spec = find_callback("best_checkpoint")
    assert spec is not None
    spec.check({"save_best_only": True, "save_weights_only": False, "save_freq": "epoch", "monitor": "loss"})


def test_what_people_choose_counts_and_first_what_the_best_checkpoint_is_told() -> None:
    up, down = {"monitor": "val_score", "mode": "max"}, {"monitor": "score", "mode": "min"}
    assert chosen_directions({"early_stopping": up, "reduce_on_plateau": {"monitor": "mae"}}) == {"score": "max"}
    assert chosen_directions({"early_stopping": up, "best_checkpoint": down}) == {"score": "min"}
    assert chosen_directions({"best_checkpoint": down, "early_stopping": up}) == {"score": "min"}
    assert chosen_directions({"reduce_on_plateau": down, "early_stopping": up}) == {"score": "max"}


def test_a_word_is_one_metric_however_it_is_written() -> None:
    assert keras_metric("MeanSquaredError") == keras_metric("mse") == keras_metric("MSE")
    assert keras_metric("acc") == keras_metric("Accuracy")
    assert keras_metric("Huber") is None
