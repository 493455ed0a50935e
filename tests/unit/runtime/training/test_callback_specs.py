import subprocess
import sys

import pytest

from runtime.callback_specs import callback_module, callback_specs
from runtime.metric_names import best_values, higher_is_better


def test_all_callbacks_describe_themselves() -> None:
    specs = callback_specs()
    assert [spec.key for spec in specs] == ["early_stopping", "best_checkpoint", "reduce_on_plateau", "tensorboard"]
    for spec in specs:
        assert callable(callback_module(spec.key).build)
        assert str(spec.title) and str(spec.help)


def test_values_are_filled_up_with_defaults() -> None:
    early = callback_specs()[0]
    values = early.values({"patience": 9, "unknown": 1})
    assert values == {"monitor": "val_loss", "patience": 9, "min_delta": 0.0, "restore_best_weights": True}


def test_the_descriptions_need_no_keras() -> None:
    code = (
        "import sys; from runtime.callback_specs import callback_specs; from runtime.data_kinds import data_kinds; "
        "import runtime.store, runtime.suggestions, runtime.worker.data.answers; callback_specs(); data_kinds(); "
        "sys.exit(bool({'keras', 'tensorflow', 'PySide6'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "higher"),
    [
        ("val_digit_accuracy", True),
        ("accuracy", True),
        ("auc", True),
        ("sparse_top_k_categorical_accuracy", True),
        ("r2_score", True),
        ("val_loss", False),
        ("digit_loss", False),
        ("mean_absolute_error", False),
        ("mae", False),
    ],
)
def test_which_way_is_better(name: str, higher: bool) -> None:
    assert higher_is_better(name) is higher


def test_best_values_ignore_what_is_no_number() -> None:
    epochs = [{"loss": 2.0, "accuracy": 0.5}, {"loss": float("nan"), "accuracy": 0.7}, {"loss": 1.0, "accuracy": 0.6}]
    assert best_values(epochs) == {"loss": 1.0, "accuracy": 0.7}
