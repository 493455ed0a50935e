"""Steps of preparation in a script: what is done to the variable `column`, of which the rows `training` may be learnt.

What Keras has no layer for stands in `in_scripts/prepared.py` and `in_scripts/date_parts.py`, of which a script holds
what it uses.
"""

from collections.abc import Mapping
from typing import Any, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import CallCode, Code, call, library, literal, name, subscript

Json = Any
COLUMN: Final = name("column")
LAYER: Final = name("layer")
TRAINING: Final = name("training")
TRAINING_ROWS: Final = subscript(COLUMN, TRAINING)
THROUGH: Final = "through"
THROUGH_HELPER: Final = '''def through(layer, column):
    """What a layer makes of a column, batch by batch."""
    batches = [column[first : first + 1024] for first in range(0, len(column), 1024)]
    return np.concatenate([keras.ops.convert_to_numpy(layer(batch)) for batch in batches])
'''
# What a script that prepares calls its own.
NAMES: Final = ("complete", "prepare", THROUGH, "column", "layer", "training")


def by_layer(
    class_name: str,
    config: Mapping[str, Json],
    *,
    usual: Mapping[str, Json] | None = None,
    given: Code = COLUMN,
    learns: Code | None = None,
    more: Mapping[str, Code] | None = None,
    functions: tuple[str, ...] = (),
) -> StepCode:
    """A step by a layer of Keras. What is as `usual`, Keras' own default, is left out; `more` are further arguments.

    `given` goes through it, after it has adapted to `learns`.
    """
    left = {key: literal(value) for key, value in config.items() if usual is None or usual.get(key, ()) != value}
    made = CallCode(library(f"keras.layers.{class_name}"), (), {**left, **(more or {})})
    return StepCode(call(name(THROUGH), LAYER, given), made, learns, functions)


def by_function(function: str, *args: Code) -> StepCode:
    """A step by a function that scripts hold."""
    return StepCode(call(name(function), *args), functions=(function,))


def of_column(function: str) -> Code:
    """What a function makes of the column."""
    return call(name(function), COLUMN)


def of_training(function: str) -> Code:
    """What a function makes of the part of the column that is learnt of."""
    return call(name(function), TRAINING_ROWS)
