"""The mark of a frozen model or wrapper reaches all that is in it."""

from __future__ import annotations

from typing import Any

from runtime.frozen import marked_through


def layer(name: str, trainable: bool, **config: Any) -> dict[str, Any]:
    return {"class_name": name, "module": "keras.layers", "config": {"trainable": trainable, **config}}


def test_all_that_is_inside_what_is_frozen_is_marked_and_nothing_else() -> None:
    wrapper = layer("Bidirectional", False, layer=layer("LSTM", True), backward_layer=layer("LSTM", True))
    inner = {"class_name": "Sequential", "config": {"trainable": False, "layers": [layer("Dense", True, units=3)]}}
    model = layer("Functional", True, layers=[wrapper, inner, layer("Dense", True), layer("Dense", False)])
    found = marked_through(model)
    kinds = found["config"]["layers"]
    assert kinds[0]["config"]["layer"]["config"]["trainable"] is False
    assert kinds[0]["config"]["backward_layer"]["config"]["trainable"] is False
    assert kinds[1]["config"]["layers"][0]["config"] == {"trainable": False, "units": 3}
    assert [item["config"]["trainable"] for item in kinds[2:]] == [True, False]
    assert found["config"]["trainable"] is True
    assert wrapper["config"]["layer"]["config"]["trainable"] is True, "a copy"


def test_objects_that_cannot_be_frozen_stay_as_they_are() -> None:
    glorot = {"class_name": "GlorotUniform", "module": "keras.initializers", "config": {"seed": None}}
    dense = layer(
        "Dense", False, kernel_initializer=glorot, dtype={"class_name": "DTypePolicy", "config": {"name": "f"}}
    )
    assert marked_through(dense) == dense
    assert marked_through({"class_name": "function", "config": "relu"}) == {"class_name": "function", "config": "relu"}
