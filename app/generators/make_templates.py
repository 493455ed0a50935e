"""Writes the projects that people can start from: ``python -m app.generators.make_templates``.

They are made with the commands that a person's gestures give, and committed, so that opening one needs no Keras.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.freezing import set_trainable
from graph_editor.document.document import Document
from graph_editor.document.edits import SetPositions
from graph_editor.document.files.file_format import save
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.layout.layered import arrange_document

KERAS_VERSION = "3.15.1"
DIGITS: dict[str, Any] = {"kind": "hdf5", "path": "sample:digits.h5", "options": {}}
LEAVES: dict[str, Any] = {
    "kind": "pictures",
    "path": "sample:leaves",
    "options": {"layout": "classes", "height": 48, "width": 48, "colour": "rgb", "depth": "8"},
}
OUTLINES = {**LEAVES, "path": "sample:leaf_outlines", "options": {**LEAVES["options"], "layout": "masks"}}
HOUSES: dict[str, Any] = {"kind": "csv", "path": "sample:houses.csv", "options": {}}
SENTENCES: dict[str, Any] = {"kind": "text", "path": "sample:sentences.txt", "options": {"layout": "label_first"}}
WORDS = 500  # of the vocabulary
AS_WORDS = {"text": {"steps": [{"step": "text_vectorization", "max_tokens": WORDS, "output_sequence_length": 12}]}}
SMALL_CONV: dict[str, Any] = {"kernel_size": [3, 3], "padding": "same", "activation": "relu"}
SPARSE, BINARY = "SparseCategoricalCrossentropy", "BinaryCrossentropy"


class Builder:
    """Puts a project together, one command after the other."""

    def __init__(self, name: str) -> None:
        self.document = Document(KERAS_VERSION, name)
        self._history = History(self.document, FOLLOW_UPS)
        self._catalog = Catalog.load()

    def layer(self, name: str, class_name: str, *sources: str, **config: Any) -> str:
        """Add a layer fed by ``sources``; ``config`` replaces defaults. Returns its call."""
        spec = self._catalog.layer(class_name, "keras.layers")
        assert spec, class_name
        default = self._catalog.default_config(spec, name)
        assert config.keys() <= default.keys(), f"{class_name} has no {config.keys() - default.keys()}"
        full = {**default, **config}
        edits, call = commands.add_layer(
            self.document, class_name, "keras.layers", full, (0, 0), self._catalog, name=name
        )
        self._do(edits)
        self.wire(call, *sources)
        return call

    def input(self, name: str, shape: Sequence[int | None], dtype: str = "float32") -> str:
        return self.layer(name, "InputLayer", batch_shape=[None, *shape], dtype=dtype)

    def again(self, call: str, *sources: str) -> str:
        """Use the layer of ``call`` once more."""
        edits, new = commands.share(self.document, call, (0, 0))
        self._do(edits)
        self.wire(new, *sources)
        return new

    def wire(self, target: str, *sources: str) -> None:
        for source in sources:
            self._do(commands.connect(self.document, TensorRef(source), target, None, self._catalog))

    def outputs(self, *calls: str) -> None:
        for call in calls:
            self._do(commands.set_output(self.document, TensorRef(call), True))

    def data(self, source: dict[str, Any], split: str = "last", **bindings: str) -> None:
        section = {
            "sources": [source],
            "bindings": {target: [column] for target, column in bindings.items()},
            **({} if split == "last" else {"split": split}),
            "validation_percent": 20,
            "shuffle": True,
        }
        self._do(commands.set_data(self.document, section))

    def prepared(self, columns: dict[str, Any], bindings: dict[str, list[str]]) -> None:
        """What is done to columns, and which of them are put side by side."""
        section = {**self.document.data, "columns": columns, "bindings": bindings}
        self._do(commands.set_data(self.document, section))

    def training(self, epochs: int, batch_size: int, outputs: dict[str, Any], callbacks: dict[str, Any]) -> None:
        section = {
            "device": "cpu",
            "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.001}},
            "batch_size": batch_size,
            "epochs": epochs,
            "seed": 1337,
            "outputs": outputs,
            "callbacks": callbacks,
        }
        self._do(commands.set_training(self.document, section))

    def write(self, path: Path) -> None:
        self._do([SetPositions(dict(arrange_document(self.document)))])
        save(self.document, path)

    def _do(self, edits: Any) -> None:
        self._history.do("template", edits)


def head(loss: str, *metrics: str, weight: float = 1.0) -> dict[str, Any]:
    """Return how an output is trained."""
    return {
        "loss": {"class_name": loss, "config": {}},
        "metrics": [{"class_name": metric, "config": {}} for metric in metrics],
        "weight": weight,
    }


def digits() -> Builder:
    b = Builder("digits_two_heads")
    same = {"padding": "same"}
    image = b.input("image", (8, 8, 1))
    scale = b.layer("scale", "Rescaling", image, scale=1 / 16)
    reduce = b.layer("reduce_1x1", "Conv2D", scale, filters=32, kernel_size=[1, 1], activation="relu", **same)
    stem = b.layer("stem_3x3", "Conv2D", scale, filters=32, kernel_size=[3, 3], activation="relu", **same)
    pool = b.layer("pool", "MaxPooling2D", scale, pool_size=[3, 3], strides=[1, 1], **same)
    wide = b.layer("wide_5x5", "Conv2D", reduce, filters=32, kernel_size=[5, 5], activation="relu", **same)
    project = b.layer("project_1x1", "Conv2D", pool, filters=32, kernel_size=[1, 1], activation="relu", **same)
    inception = b.layer("inception", "Concatenate", wide, stem, project)
    mix = b.layer("mix_3x3", "Conv2D", inception, filters=96, kernel_size=[3, 3], **same)
    norm = b.layer("norm", "BatchNormalization", mix)
    residual = b.layer("residual", "Add", norm, inception)
    features = b.layer("features", "GlobalMaxPooling2D", residual)
    b.outputs(
        b.layer("digit", "Dense", features, units=10, activation="softmax"),
        b.layer("is_even", "Dense", features, units=1, activation="sigmoid"),
    )
    freeze = set_trainable(b.document, [b.document.operation_of(stem).id], False)
    History(b.document, FOLLOW_UPS).do("freeze", freeze)
    b.data(DIGITS, image="image", digit="digit", is_even="is_even")
    heads = {"digit": head(SPARSE, "accuracy"), "is_even": head(BINARY, "accuracy", "AUC", weight=0.5)}
    b.training(20, 64, heads, {"best_checkpoint": {}, "reduce_on_plateau": {}})
    return b


def burger_review() -> Builder:
    b = Builder("burger_review")
    photo = b.input("photo", (28, 28, 1))
    review = b.input("review", (60,), "int32")
    edges = b.layer("edges", "Conv2D", photo, filters=16, kernel_size=[3, 3], activation="relu")
    pool = b.layer("pool", "MaxPooling2D", edges)
    shapes = b.layer("shapes", "Conv2D", pool, filters=32, kernel_size=[3, 3], activation="relu")
    look = b.layer("look", "GlobalAveragePooling2D", shapes)
    words = b.layer("words", "Embedding", review, input_dim=5000, output_dim=32)
    opinion = b.layer("opinion", "LSTM", words, units=32)
    together = b.layer("together", "Concatenate", look, opinion)
    judge = b.layer("judge", "Dense", together, units=64, activation="relu")
    b.outputs(
        b.layer("rating", "Dense", judge, units=1),
        b.layer("ingredient", "Dense", judge, units=50, activation="softmax"),
    )
    columns = {
        "photo": {"shape": [28, 28, 1], "kind": "float", "minimum": 0, "maximum": 1},
        "review": {"shape": [60], "kind": "integer", "minimum": 0, "maximum": 4999},
        "rating": {"shape": [], "kind": "float", "minimum": 0, "maximum": 5},
        "ingredient": {"shape": [], "kind": "integer", "minimum": 0, "maximum": 49},
    }
    source = {"kind": "random", "path": "", "options": {"samples": 1000, "seed": 1, "columns": columns}}
    b.data(source, photo="photo", review="review", rating="rating", ingredient="ingredient")
    heads = {"rating": head("MeanSquaredError", "MeanAbsoluteError"), "ingredient": head(SPARSE, "accuracy")}
    b.training(5, 32, heads, {})
    return b


def residual_block() -> Builder:
    b = Builder("residual_block")
    conv = {"filters": 32, "kernel_size": [3, 3], "padding": "same"}
    image = b.input("image", (8, 8, 1))
    scale = b.layer("scale", "Rescaling", image, scale=1 / 16)
    stem = b.layer("stem", "Conv2D", scale, activation="relu", **conv)
    first = b.layer("conv_a", "Conv2D", stem, **conv)
    norm_a = b.layer("norm_a", "BatchNormalization", first)
    relu_a = b.layer("relu_a", "ReLU", norm_a)
    second = b.layer("conv_b", "Conv2D", relu_a, **conv)
    norm_b = b.layer("norm_b", "BatchNormalization", second)
    joined = b.layer("shortcut", "Add", norm_b, stem)
    relu_b = b.layer("relu_b", "ReLU", joined)
    features = b.layer("features", "GlobalAveragePooling2D", relu_b)
    b.outputs(b.layer("digit", "Dense", features, units=10, activation="softmax"))
    b.data(DIGITS, image="image", digit="digit")
    b.training(15, 32, {"digit": head(SPARSE, "accuracy")}, {"best_checkpoint": {}})
    return b


def siamese() -> Builder:
    b = Builder("siamese_shared_lstm")
    left, right = b.input("left", (20,), "int32"), b.input("right", (20,), "int32")
    words = b.layer("words", "Embedding", left, input_dim=500, output_dim=16)
    reader = b.layer("reader", "LSTM", words, units=32)
    twin = b.again(reader, b.again(words, right))
    both = b.layer("both", "Concatenate", reader, twin)
    compare = b.layer("compare", "Dense", both, units=32, activation="relu")
    b.outputs(b.layer("same", "Dense", compare, units=1, activation="sigmoid"))
    tokens = {"shape": [20], "kind": "integer", "minimum": 0, "maximum": 499}
    columns = {"left": tokens, "right": tokens, "same": {"shape": [], "kind": "integer", "minimum": 0, "maximum": 1}}
    source = {"kind": "random", "path": "", "options": {"samples": 1000, "seed": 2, "columns": columns}}
    b.data(source, left="left", right="right", same="same")
    b.training(5, 32, {"same": head(BINARY, "accuracy")}, {})
    return b


def plain_stack() -> Builder:
    b = Builder("plain_stack")
    image = b.input("image", (8, 8, 1))
    scale = b.layer("scale", "Rescaling", image, scale=1 / 16)
    flat = b.layer("flatten", "Flatten", scale)
    hidden = b.layer("hidden", "Dense", flat, units=64, activation="relu")
    dropout = b.layer("dropout", "Dropout", hidden, rate=0.2)
    b.outputs(b.layer("digit", "Dense", dropout, units=10, activation="softmax"))
    b.data(DIGITS, image="image", digit="digit")
    b.training(20, 32, {"digit": head(SPARSE, "accuracy")}, {"early_stopping": {}})
    return b


def leaf_picture(b: Builder) -> str:
    return b.layer("scale", "Rescaling", b.input("picture", (48, 48, 3)), scale=1 / 255)


def leaves() -> Builder:
    b = Builder("leaves")
    scale = leaf_picture(b)
    edges = b.layer("edges", "Conv2D", scale, filters=16, **SMALL_CONV)
    half = b.layer("half", "MaxPooling2D", edges)
    lobes = b.layer("lobes", "Conv2D", half, filters=32, **SMALL_CONV)
    quarter = b.layer("quarter", "MaxPooling2D", lobes)
    shapes = b.layer("shapes", "Conv2D", quarter, filters=64, **SMALL_CONV)
    features = b.layer("features", "GlobalMaxPooling2D", shapes)
    dropout = b.layer("dropout", "Dropout", features, rate=0.2)
    b.outputs(b.layer("tree", "Dense", dropout, units=4, activation="softmax"))
    b.data(LEAVES, "stratified", picture="image", tree="label")
    b.training(30, 16, {"tree": head(SPARSE, "accuracy")}, {"best_checkpoint": {}})
    return b


def leaf_outlines() -> Builder:
    b = Builder("leaf_outlines")
    scale = leaf_picture(b)
    fine = b.layer("fine", "Conv2D", scale, filters=16, **SMALL_CONV)
    half = b.layer("half", "MaxPooling2D", fine)
    coarse = b.layer("coarse", "Conv2D", half, filters=32, **SMALL_CONV)
    quarter = b.layer("quarter", "MaxPooling2D", coarse)
    middle = b.layer("middle", "Conv2D", quarter, filters=48, **SMALL_CONV)
    up_half = b.layer("up_half", "UpSampling2D", middle)
    with_coarse = b.layer("with_coarse", "Concatenate", up_half, coarse)
    back = b.layer("back", "Conv2D", with_coarse, filters=32, **SMALL_CONV)
    up_whole = b.layer("up_whole", "UpSampling2D", back)
    with_fine = b.layer("with_fine", "Concatenate", up_whole, fine)
    last = b.layer("last", "Conv2D", with_fine, filters=16, **SMALL_CONV)
    b.outputs(b.layer("leaf", "Conv2D", last, filters=1, kernel_size=[1, 1], activation="sigmoid"))
    b.data(OUTLINES, "random", picture="image", leaf="mask")
    b.training(15, 8, {"leaf": head(BINARY, "accuracy")}, {"best_checkpoint": {}})
    return b


def houses() -> Builder:
    b = Builder("houses")
    house = b.input("house", (11,))
    first = b.layer("first", "Dense", house, units=32, activation="relu")
    second = b.layer("second", "Dense", first, units=16, activation="relu")
    b.outputs(b.layer("price", "Dense", second, units=1))
    normal = {"steps": [{"step": "normalize"}]}
    filled = {"steps": [{"step": "fill", "with": "median"}, {"step": "normalize"}]}
    columns = {
        **dict.fromkeys(("area", "built"), filled),
        **dict.fromkeys(("rooms", "distance_km"), normal),
        "district": {"steps": [{"step": "fill", "with": "most_frequent"}, {"step": "one_hot"}]},
        "garden": {"steps": [{"step": "one_hot"}]},
        "price": {"steps": [{"step": "scale", "scale": 0.01, "offset": 0.0}]},
    }
    b.data(HOUSES, "random", price="price")
    b.prepared(columns, {"house": list(columns)[:-1], "price": ["price"]})
    b.training(
        60, 32, {"price": {"loss": "MeanSquaredError", "metrics": ["MeanAbsoluteError"]}}, {"best_checkpoint": {}}
    )
    return b


def meanings_of_words(b: Builder, size: int) -> str:
    words = b.input("words", (12,), "int32")
    return b.layer("meanings", "Embedding", words, input_dim=WORDS, output_dim=size)


def learning_sentences(b: Builder, understood: str, epochs: int) -> Builder:
    b.outputs(b.layer("intent", "Dense", understood, units=3, activation="softmax"))
    b.data(SENTENCES, "stratified", words="text", intent="label")
    b.prepared(AS_WORDS, {"words": ["text"], "intent": ["label"]})
    b.training(epochs, 16, {"intent": head(SPARSE, "accuracy")}, {"best_checkpoint": {}})
    return b


def sentences() -> Builder:
    b = Builder("sentences")
    meanings = meanings_of_words(b, 16)
    together = b.layer("together", "GlobalAveragePooling1D", meanings)
    hidden = b.layer("hidden", "Dense", together, units=16, activation="relu")
    return learning_sentences(b, hidden, epochs=40)


def sentences_transformer() -> Builder:
    b = Builder("sentences_transformer")
    meanings = meanings_of_words(b, 32)
    neighbours = b.layer("neighbours", "Conv1D", meanings, filters=32, kernel_size=[3], padding="same")
    attention = b.layer("attention", "MultiHeadAttention", neighbours, neighbours, num_heads=2, key_dim=16)
    looked = b.layer("looked", "Add", neighbours, attention)
    norm = b.layer("norm", "LayerNormalization", looked)
    thought = b.layer("thought", "Dense", norm, units=64, activation="relu")
    back = b.layer("back", "Dense", thought, units=32)
    kept = b.layer("kept", "Add", norm, back)
    norm_2 = b.layer("norm_2", "LayerNormalization", kept)
    together = b.layer("together", "GlobalAveragePooling1D", norm_2)
    return learning_sentences(b, together, epochs=20)


def main() -> None:
    folder = Path(__file__).resolve().parents[2] / "resources" / "templates"
    makers = {
        "digits": digits,
        "burger-review": burger_review,
        "residual-block": residual_block,
        "siamese": siamese,
        "plain-stack": plain_stack,
        "leaves": leaves,
        "houses": houses,
        "leaf-outlines": leaf_outlines,
        "sentences": sentences,
        "sentences-transformer": sentences_transformer,
    }
    for key, make in makers.items():
        make().write(folder / f"{key}.lamella")


if __name__ == "__main__":
    main()
