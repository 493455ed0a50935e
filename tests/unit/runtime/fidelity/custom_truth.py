"""A model with classes of its own, as a notebook makes it: `… custom_truth CODE FILE` runs CODE, writes FILE.

With a third argument, it says of a file that was written of FILE whether plain Keras finds the same in it.
"""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

X = np.random.default_rng(0).random((3, 4)).astype("float32")


def named(node: Any) -> list[Any]:
    """What stands at each class of one's own: module, class, registered name, the layer's name and its settings."""
    if isinstance(node, list):
        return [item for value in node for item in named(value)]
    if not isinstance(node, dict):
        return []
    own = "Own" in str(node.get("registered_name"))
    facts = [[node.get("module"), node["class_name"], node["registered_name"], node.get("name")]] if own else []
    settings = [sorted(node["config"])] if own else []
    return [*facts, *settings, *(item for value in node.values() for item in named(value))]


def config_of(path: str) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def main() -> None:
    code, file, *other = sys.argv[1:]
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(Path(code).read_text(), scope)
    if not other:
        given = keras.Input((4,), name="given")
        hidden = layers.Dense(4, activation=scope["twice"], name="hidden")(given)
        scaled = scope["Scale"](4.0)(scope["Scale"](3.0)(hidden))
        model = keras.Model(given, scope["Shift"](name="shift")(scaled), name="m")
        for variable in model.weights:
            variable.assign(np.random.default_rng(variable.shape[-1]).random(variable.shape))
        model.save(file)
        print(json.dumps({"names": named(config_of(file))}))
        return
    one, two = keras.saving.load_model(file), keras.saving.load_model(other[0])
    print(json.dumps({"names": named(config_of(other[0])), "same": bool(np.array_equal(one(X), two(X)))}))


if __name__ == "__main__":
    main()
