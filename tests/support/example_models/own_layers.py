"""Layers that keras.io's examples bring along: code of one's own, which Lamella runs only when it is agreed to."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="examples")
class Sampling(layers.Layer):
    """A point near the mean of a distribution."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs: Any) -> Any:
        mean, spread = inputs
        noise = keras.random.normal(shape=ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * spread) * noise


@keras.saving.register_keras_serializable(package="examples")
class CTCLayer(layers.Layer):
    """Adds the loss of a text of unknown places, and gives the predictions on."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        length = ops.ones((ops.shape(y_true)[0],), dtype="int32")
        loss = ops.ctc_loss(
            ops.cast(y_true, "int32"), ops.log(y_pred + 1e-7), length * y_true.shape[1], length * y_pred.shape[1]
        )
        self.add_loss(ops.mean(loss))
        return y_pred


@keras.saving.register_keras_serializable(package="examples")
class PatchEncoder(layers.Layer):
    """Patches, projected, with their places."""

    def __init__(self, num_patches: Any, projection_dim: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.num_patches = num_patches
        self.projection_dim = projection_dim
        self.projection = layers.Dense(projection_dim)
        self.position_embedding = layers.Embedding(num_patches, projection_dim)

    def build(self, input_shape: Any) -> None:
        self.projection.build(input_shape)
        self.position_embedding.build((self.num_patches,))
        super().build(input_shape)

    def call(self, patch: Any) -> Any:
        positions = ops.expand_dims(ops.arange(self.num_patches), axis=0)
        return self.projection(patch) + self.position_embedding(positions)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "num_patches": self.num_patches, "projection_dim": self.projection_dim}


@keras.saving.register_keras_serializable(package="examples")
class TransformerBlock(layers.Layer):
    """Attention and a stack of two Dense, each with what went in."""

    def __init__(self, embed_dim: Any, num_heads: Any, ff_dim: Any, rate: Any = 0.1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = {"embed_dim": embed_dim, "num_heads": num_heads, "ff_dim": ff_dim, "rate": rate}
        self.att = layers.MultiHeadAttention(num_heads, embed_dim)
        self.ffn = keras.Sequential([layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.layernorm1 = layers.LayerNormalization(epsilon=1e-6)
        self.layernorm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout = layers.Dropout(rate)

    def build(self, input_shape: Any) -> None:
        self.att.build(input_shape, input_shape)
        for layer in (self.ffn, self.layernorm1, self.layernorm2):
            layer.build(input_shape)
        super().build(input_shape)

    def call(self, inputs: Any, training: Any = None) -> Any:
        x = self.layernorm1(inputs + self.dropout(self.att(inputs, inputs), training=training))
        return self.layernorm2(x + self.dropout(self.ffn(x), training=training))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **self.settings}


@keras.saving.register_keras_serializable(package="examples")
class OrthogonalRegularizer(keras.regularizers.Regularizer):
    """What PointNet keeps its matrices near a rotation with."""

    def __init__(self, num_features: Any, l2reg: Any = 0.001) -> None:
        self.num_features = num_features
        self.l2reg = l2reg

    def __call__(self, x: Any) -> Any:
        x = ops.reshape(x, (-1, self.num_features, self.num_features))
        return ops.sum(self.l2reg * ops.square(ops.matmul(x, ops.transpose(x, (0, 2, 1))) - ops.eye(self.num_features)))

    def get_config(self) -> dict[str, Any]:
        return {"num_features": self.num_features, "l2reg": self.l2reg}


@keras.saving.register_keras_serializable(package="examples")  # type: ignore[untyped-decorator]  # Keras has no types
def squared_relu(x: Any) -> Any:
    """An activation of one's own."""
    return ops.square(ops.relu(x))
