"""What Keras itself says when its metrics get truths of these shapes, in a process of its own.

`python -m tests.unit.graph_editor.document.metrics_truth` reads JSON with "metrics" ({name: config}) and "cases"
({name: [truth shape, output shape, classes]}), and prints {metric: {case: whether it failed}}.
"""

import json
import sys
from typing import Any

import keras
import numpy as np
from keras.src.trainers.compile_utils import CompileMetrics

SAMPLES = 7  # no number of units, with which it would be broadcast by chance


def main() -> None:
    question = json.loads(sys.stdin.read())
    answer: dict[str, dict[str, bool]] = {}
    for name, config in question["metrics"].items():
        answer[name] = {case: fails(name, config, *shapes) for case, shapes in question["cases"].items()}
    print(json.dumps(answer))


def fails(name: str, config: dict[str, Any], truth: list[int], output: list[int], classes: int) -> bool:
    """`classes` 0: the truth has the shape of the output."""
    rng = np.random.default_rng(0)
    predicted = rng.random((SAMPLES, *output)).astype("float32")
    if classes:
        true = (np.arange(SAMPLES * int(np.prod(truth))) % classes).reshape(SAMPLES, *truth).astype("int32")
    else:
        true = rng.integers(0, 2, (SAMPLES, *truth)).astype("float32")
    metric = getattr(keras.metrics, name).from_config(config) if name[0].isupper() else name
    compiled = CompileMetrics([metric], None, output_names=["y"])
    try:
        compiled.build(true, predicted)
        compiled.update_state(true, predicted)
        compiled.result()
    except Exception:  # of whatever class a backend has for it
        return True
    return False


if __name__ == "__main__":
    main()
