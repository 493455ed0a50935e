"""Files of custom code for the tests."""

import hashlib
from pathlib import Path
from typing import Final

from runtime.spec import CodeFile

LAYERS: Final = '''
import keras


@keras.saving.register_keras_serializable("my_layers")
class Scale(keras.layers.Layer):
    """Multiplies by a factor that is learnt."""

    def __init__(self, factor=2.0, activation="relu", steps: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.factor, self.activation, self.steps = factor, keras.activations.get(activation), steps

    def build(self, shape):
        self.weight = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(self.factor))

    def call(self, inputs):
        return self.activation(inputs * self.weight)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "factor": self.factor, "activation": activation, "steps": self.steps}


@keras.saving.register_keras_serializable("my_layers")
class Mix(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = keras.layers.Dense(units)

    def call(self, query, value, gate=None, training=False):
        return self.dense(query) + self.dense(value)


@keras.saving.register_keras_serializable("my_layers")
def softer(x):
    return keras.ops.tanh(x) / 2


class Forgotten(keras.layers.Layer):
    pass
'''
LOSSES: Final = '''
import keras


@keras.saving.register_keras_serializable("my_losses")
class Cubed(keras.losses.Loss):
    """The cube of the difference."""

    def __init__(self, power=3, name="cubed", reduction="sum_over_batch_size", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.power = power

    def call(self, y_true, y_pred):
        return keras.ops.mean(keras.ops.abs(y_true - y_pred) ** self.power, axis=-1)

    def get_config(self):
        return {**super().get_config(), "power": self.power}


@keras.saving.register_keras_serializable("my_losses")
def biggest(y_true, y_pred):
    return keras.ops.max(keras.ops.abs(y_true - y_pred), axis=-1)
'''


def write(folder: Path, name: str, source: str) -> CodeFile:
    """A file of code, as somebody agreed to it."""
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return CodeFile(str(path), hashlib.sha256(path.read_bytes()).hexdigest())


def leaves_a_mark(mark: Path) -> str:
    """Code that shows that it was run."""
    return f"from pathlib import Path\nPath({str(mark)!r}).write_text('ran')\n"
