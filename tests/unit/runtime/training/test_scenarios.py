"""What training runs did, all in one process with Keras (scenarios.py)."""

import json
from pathlib import Path
from typing import Any

import pytest

from resources.python_code.in_scripts.splits import parts_at_random
from runtime.events import EpochEnded
from runtime.tracking.log_reader import read_log
from runtime.worker.data.feed.order import epoch_order
from tests.support.fresh_python import run_keras

Json = Any
STEPS = 45  # in an epoch of 1,437 samples


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Json:
    folder = tmp_path_factory.mktemp("scenarios")
    run_keras("-m", "tests.unit.runtime.training.scenarios", folder)
    return json.loads((folder / "results.json").read_text("utf-8"))


def kinds(facts: Json) -> list[str]:
    return [event["type"] for event in facts["events"]]


def of_kind(facts: Json, kind: str) -> list[Json]:
    return [event for event in facts["events"] if event["type"] == kind]


def notes(facts: Json) -> list[str]:
    return [event["text"] for event in of_kind(facts, "CallbackNote")]


def end(facts: Json) -> Json:
    last = facts["events"][-1]
    assert last["type"] in ("RunEnded", "RunFailed")
    return last


def test_a_run_tells_everything(results: Json) -> None:
    facts = results["complete_run"]
    assert kinds(facts)[:3] == ["RunStarted", "DirectionsKnown", "EpochStarted"]
    (told,) = of_kind(facts, "DirectionsKnown")
    (first, _) = of_kind(facts, "EpochEnded")
    assert {name for name in first["logs"] if not name.startswith("val_")} == set(told["directions"])
    assert {name for name, way in told["directions"].items() if way == "max"} == {"digit_accuracy", "even_auc"}
    started = facts["events"][0]
    assert (started["steps_per_epoch"], started["epochs"]) == (STEPS, 2)
    assert (started["samples"], started["validation_samples"]) == (1437, 360)
    assert (started["parameters"], started["trainable"]) == (2443, 2443)
    assert facts["steps"] == 2 * STEPS and facts["in_order"]
    assert (end(facts)["status"], end(facts)["epoch"], facts["status"]) == ("completed", 2, "completed")
    assert facts["written"] == list(range(1, len(facts["written"]) + 1))
    assert {"model.keras", "best.keras", "result.json", "events.jsonl", "process.json"} <= set(facts["files"])
    assert any(name.startswith("tensorboard/") for name in facts["files"])
    assert not any("new-" in name for name in facts["files"])


def test_what_keras_wrote_for_tensorboard_is_read_as_the_same_numbers(results: Json) -> None:
    facts = results["complete_run"]
    (read,) = read_log(Path(facts["folder"]) / "tensorboard").runs
    ends = [event for event in read.events if isinstance(event, EpochEnded)]
    known = of_kind(facts, "EpochEnded")
    assert [event.epoch for event in ends] == [event["epoch"] for event in known] == [0, 1]
    for mine, theirs in zip(ends, known, strict=True):
        assert dict(mine.logs) == pytest.approx(theirs["logs"], rel=1e-6)


def test_each_of_two_outputs_of_one_model_has_its_own_data_loss_and_metrics(results: Json) -> None:
    facts = results["two_outputs_of_one_model"]
    logs = of_kind(facts, "EpochEnded")[-1]["logs"]
    told = {"loss", "heads_loss", "heads_accuracy", "heads_1_loss", "heads_1_auc"}
    assert {name for name in logs if not name.startswith("val_")} == told
    assert logs["val_loss"] == pytest.approx(logs["val_heads_loss"] + 0.5 * logs["val_heads_1_loss"], rel=0.05)
    assert facts["same"] and facts["names"] == ["heads", "heads"]


def test_a_run_gives_the_same_numbers_as_plain_keras(results: Json) -> None:
    facts = results["complete_run"]
    logs = [event["logs"] for event in of_kind(facts, "EpochEnded")]
    assert len(logs) == 2
    for ours, plain in zip(logs, facts["plain"], strict=True):
        assert ours == pytest.approx(plain, rel=1e-4)
    last = {name: value for name, value in logs[-1].items() if not name.startswith("val_")}
    assert facts["last_step"] == pytest.approx(last, rel=1e-4)


def test_the_saved_model_is_the_trained_one_with_its_optimizer(results: Json) -> None:
    facts = results["complete_run"]
    assert facts["iterations"] == 2 * STEPS
    last = of_kind(facts, "EpochEnded")[-1]["logs"]
    for name in ("loss", "digit_accuracy"):
        assert facts["evaluated"][name] == pytest.approx(last[f"val_{name}"], rel=1e-4)
    assert facts["best_accuracy"] == pytest.approx(facts["best"]["val_digit_accuracy"], rel=1e-4)
    saved = of_kind(facts, "CheckpointSaved")[-1]
    assert saved["value"] == pytest.approx(facts["best_accuracy"], rel=1e-4)


@pytest.mark.parametrize("name", ["stopped_in_second_epoch", "stopped_by_signal"])
def test_a_stop_takes_effect_within_one_batch(results: Json, name: str) -> None:
    facts = results[name]
    assert facts["steps"] == STEPS + 1
    assert len(of_kind(facts, "EpochEnded")) == 1
    assert (end(facts)["status"], end(facts)["epoch"], facts["status"]) == ("stopped", 1, "stopped")
    assert "model.keras" in facts["files"]


def test_a_stop_by_file_is_noticed(results: Json) -> None:
    facts = results["stopped_by_file"]
    assert facts["status"] == "stopped"


def test_a_stop_ends_validation_within_one_batch(results: Json) -> None:
    assert results["stopped_in_validation"] == {"validated": [0], "epochs": []}


def test_a_run_that_fails_leaves_the_model_of_its_last_whole_epoch(results: Json) -> None:
    facts = results["failed_in_fourth_epoch"]
    last = of_kind(facts, "EpochEnded")[-1]
    whole = last["epoch"] + 1
    assert facts["status"] == "failed" and "moon" in end(facts)["error"]
    assert (facts["model_epoch"], facts["model"]) == (whole, f"epoch-{whole:04d}.keras")
    assert facts["evaluated"]["loss"] == pytest.approx(last["logs"]["val_loss"], rel=1e-4)
    assert f"The model as it was after epoch {whole} is kept." in notes(facts)
    assert not any("new-" in name for name in facts["files"])


def test_a_run_that_comes_to_its_end_keeps_no_single_epoch(results: Json) -> None:
    assert not any(name.startswith("epoch-") for name in results["complete_run"]["files"])


def test_a_pause_really_pauses(results: Json) -> None:
    facts = results["paused"]
    paused, resumed = (of_kind(facts, kind)[0] for kind in ("Paused", "Resumed"))
    assert resumed["time"] - paused["time"] > 0.45
    assert resumed["seq"] == paused["seq"] + 1, "something happened during the pause"
    assert facts["steps"] == 2 * STEPS
    ended = of_kind(facts, "EpochEnded")[1]
    second = kinds(facts).index("EpochStarted", kinds(facts).index("EpochEnded"))
    before = facts["events"][second - 1]  # its clock starts after this, however slow the machine is
    assert ended["seconds"] < ended["time"] - before["time"] - 0.45, "the pause counts as training"


def test_a_paused_run_can_be_stopped(results: Json) -> None:
    facts = results["stopped_while_paused"]
    assert facts["status"] == "stopped"
    assert of_kind(facts, "Paused") and not of_kind(facts, "Resumed")


def test_the_learning_rate_changes_while_it_runs(results: Json) -> None:
    facts = results["learning_rate_changed"]
    (changed,) = of_kind(facts, "LearningRateChanged")
    assert (changed["value"], changed["step"], changed["reason"]) == (0.0, STEPS, "manual")
    first, second = of_kind(facts, "EpochEnded")
    assert (first["learning_rate"], second["learning_rate"]) == (pytest.approx(0.001), 0.0)
    assert second["logs"]["val_loss"] == first["logs"]["val_loss"], "nothing is learnt at a rate of 0"


def test_a_schedule_keeps_its_learning_rate(results: Json) -> None:
    facts = results["learning_rate_of_a_schedule"]
    assert notes(facts) == ["The learning rate follows a schedule and was not changed."]
    assert facts["status"] == "completed"


def test_early_stopping_and_plateau(results: Json) -> None:
    facts = results["nothing_improves"]
    assert facts["status"] == "early_stopped"
    assert end(facts)["epoch"] < 9
    assert any(note.startswith("Early stopping after epoch") for note in notes(facts))
    lowered = of_kind(facts, "LearningRateChanged")
    assert [event["reason"] for event in lowered] == ["callback"] * len(lowered) and lowered
    assert lowered[0]["value"] == pytest.approx(0.5e-12)


def test_a_metric_that_is_not_there_is_said_once(results: Json) -> None:
    facts = results["unknown_monitor"]
    assert len(notes(facts)) == 1
    assert "val_nonsense" in notes(facts)[0] and "val_digit_accuracy" in notes(facts)[0]
    assert facts["status"] == "completed"


def test_without_validation_training_is_watched(results: Json) -> None:
    facts = results["without_validation"]
    assert notes(facts) == ["There is no validation, so loss is watched instead of val_loss."]
    assert (facts["events"][0]["samples"], facts["events"][0]["validation_samples"]) == (1797, 0)
    assert not any(name.startswith("val_") for name in of_kind(facts, "EpochEnded")[0]["logs"])


def test_a_loss_that_is_lost_is_said_once(results: Json) -> None:
    facts = results["loss_is_lost"]
    assert [note for note in notes(facts) if "NaN" in note] == [
        (
            "The loss is no number (NaN) from the first epoch on: very large values in the data, a logarithm of 0 or a "
            "division by 0 in the model, or too high a learning rate do that."
        )
    ]
    assert facts["status"] == "completed"


def test_a_frozen_model_with_named_outputs(results: Json) -> None:
    facts = results["all_frozen_with_named_outputs"]
    assert "Every layer is frozen: there is nothing to be learnt." in notes(facts)
    assert facts["events"][0]["trainable"] == 0
    assert facts["status"] == "completed"


def test_what_is_frozen_whole_is_not_trained_although_keras_alone_would(results: Json) -> None:
    assert results["frozen_inside"] == {"changed": ["digit"], "status": "completed"}


def test_a_run_starts_from_the_weights_of_another(results: Json) -> None:
    before, after = results["continued"]["val_loss"]
    assert after == pytest.approx(before, rel=1e-5)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_under_the_events_does_not_stop_training(results: Json) -> None:
    facts = results["events_on_a_full_disk"]
    assert notes(facts) == ["The events of this run cannot be written (the disk is full); training goes on."]
    assert (end(facts)["status"], facts["status"]) == ("completed", "completed")
    assert "model.keras" in facts["files"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_under_the_model_keeps_the_events(results: Json) -> None:
    facts = results["model_on_a_full_disk"]
    assert end(facts)["error"] == f"The trained model could not be saved in {facts['folder']}: the disk is full."
    assert facts["status"] == "failed"
    assert len(of_kind(facts, "EpochEnded")) == 2 and len(facts["written"]) > 6


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_under_the_checkpoint_costs_only_that(results: Json) -> None:
    facts = results["best_on_a_full_disk"]
    assert notes(facts) == ["The best model could not be saved: the disk is full. Training goes on."]
    assert facts["status"] == "completed"


def test_a_full_disk_under_the_log_costs_only_the_log(results: Json) -> None:
    facts = results["log_on_a_full_disk"]
    assert notes(facts) == ["The TensorBoard log ends here: the disk is full. Training goes on."]
    assert facts["status"] == "completed" and len(of_kind(facts, "EpochEnded")) == 2
    assert "model.keras" in facts["files"]


def test_what_was_kept_free_for_the_end_is_given_back(results: Json) -> None:
    for name in ("log_on_a_full_disk", "model_on_a_full_disk"):
        assert ".reserve" not in results[name]["files"]


def test_several_devices_train_together(results: Json) -> None:
    facts = results["mirrored_on_two_devices"]
    assert (facts["status"], facts["steps"]) == ("completed", 2 * STEPS)
    assert of_kind(facts, "EpochEnded")[1]["logs"]["loss"] < of_kind(facts, "EpochEnded")[0]["logs"]["loss"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("label", "bad.npz: digit is 10 at index 10, but digit takes classes 0 to 9."),
        ("shape", "The input image takes samples of shape 8×8×1, but wrong has 9×9."),
        ("nan", "The input image takes samples of shape 8×8×1, but a has 1."),
        ("vanished", "is not there any more."),
        ("gpu", "The device gpu:7 is not there: TensorFlow sees 0 GPUs."),
        ("all", "There is no GPU that TensorFlow can use: choose the CPU."),
        ("optimizer", "Keras has no optimizer Magic."),
        ("settings", "SGD does not take these settings:"),
        ("loss", "Keras has no loss Magic."),
        ("callback", "There is no callback magic."),
        ("argument", "Early stopping has no patiance; it has monitor,"),
        ("value", "mode of Early stopping is upwards; it must be one of auto, min, max."),
        ("metric", "A metric of digit would be told as digit_loss, in place of the loss"),
        ("weights", "gone.keras"),
        ("token", "but the Embedding of review takes 0 to 99."),
    ],
)
def test_what_cannot_be_trained_is_refused_in_a_sentence(results: Json, name: str, sentence: str) -> None:
    facts = results["refusals"][name]
    assert facts["events"][-1] == "RunFailed"
    assert "EpochStarted" not in facts["events"]
    assert sentence in facts["error"] and "\n" not in facts["error"]
    assert facts["status"] == "failed"


def test_streamed_data_trains_as_arrays_do(results: Json) -> None:
    (streamed, ours), (also_streamed, plain) = results["streamed"]["histories"]
    assert streamed and not also_streamed
    assert set(ours) == set(plain)
    for name in plain:
        assert ours[name] == pytest.approx(plain[name], rel=1e-4)


def test_streamed_data_is_shuffled_and_complete(results: Json) -> None:
    first, second = results["streamed"]["orders"]
    assert sorted(first) == sorted(second) == list(range(400))
    assert first != second and first != sorted(first)


@pytest.mark.parametrize("way", ["memory", "streamed", "kept"])
def test_samples_come_in_another_order_each_epoch_and_in_the_same_in_each_run_of_a_seed(
    results: Json, way: str
) -> None:
    orders = {name.removeprefix(way + " "): order for name, order in results["orders"].items() if name.startswith(way)}
    for order in orders.values():
        epochs = [order[start : start + 103] for start in (0, 103, 206)]
        trained, validated = [epoch[:82] for epoch in epochs], [epoch[82:] for epoch in epochs]
        assert len(order) == 3 * 103
        assert [sorted(epoch) for epoch in trained] == [list(range(82))] * 3
        assert validated == [list(range(82, 103))] * 3
        assert trained[0] != trained[1] != trained[2] != trained[0]
    assert orders["first"] == orders["again"] != orders["none"]
    if way == "kept":
        assert orders["first"] == results["orders"]["memory first"]
    if way != "streamed":  # the orders that exported scripts have (test_sample_orders)
        assert orders["first"][103:185] == epoch_order(82, 7, 2).tolist()


@pytest.mark.parametrize("way", ["memory", "streamed", "kept"])
def test_training_never_sees_the_test_part(results: Json, way: str) -> None:
    training, validating, _ = parts_at_random(103, 20, 10, 0)
    seen, size = results["orders"][f"split {way}"], len(training) + len(validating)
    for start in (0, size, 2 * size):
        epoch = seen[start : start + size]
        assert sorted(epoch[: len(training)]) == training.tolist()
        assert epoch[len(training) :] == validating.tolist()
    assert len(seen) == 3 * size


def test_small_pictures_have_the_same_pixels_by_pillow_and_by_tensorflow(results: Json) -> None:
    found = results["pictures_alike"]
    assert found["count"] == 240 and found["differing"] == []
    assert found["left"] == found["wanted"]  # to Pillow, which says what is wrong


def test_windows_of_a_time_series_are_those_of_keras_and_train(results: Json) -> None:
    assert results["windows"] == {"same": [True, True], "counts": [19, 7], "end": "RunEnded"}


def test_streamed_nan_stops_the_run_with_its_place(results: Json) -> None:
    while_training, before = results["streamed"]["error"].split(" | ")
    sentence = "nan.h5: the value is missing in image at index 321 (NaN): fill it in, or leave this sample out."
    assert while_training == before == sentence


def test_validation_takes_batches_of_the_size_that_is_set(results: Json) -> None:
    facts = results["batches_of_one_size"]
    assert end(facts)["type"] == "RunEnded", end(facts)
    assert "val_loss" in of_kind(facts, "EpochEnded")[0]["logs"]
