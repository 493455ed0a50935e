import pytest

from runtime.advice.suggestions import OutputFacts, suggest_loss, suggest_metrics
from runtime.messages.describing import Column
from runtime.spec import KerasObject

DIGIT = Column("digit", (), "uint8", 100, "category", minimum=0, maximum=9, distinct=10)
ONE_HOT = Column("hot", (10,), "float32", 100, "number", minimum=0, maximum=1)
YES = Column("yes", (), "int64", 100, "category", minimum=0, maximum=1, distinct=2)
PRICE = Column("price", (), "float64", 100, "number", minimum=-3, maximum=80.5)
WORD = Column("animal", (), "int64", 100, "category", categories=("cat", "dog", "eel"))


@pytest.mark.parametrize(
    ("activation", "units", "column", "loss"),
    [
        ("softmax", 10, DIGIT, KerasObject("SparseCategoricalCrossentropy")),
        ("softmax", 10, None, KerasObject("SparseCategoricalCrossentropy")),
        ("softmax", 10, ONE_HOT, KerasObject("CategoricalCrossentropy")),
        ("softmax", 3, WORD, KerasObject("SparseCategoricalCrossentropy")),
        ("sigmoid", 1, YES, KerasObject("BinaryCrossentropy")),
        ("sigmoid", 10, ONE_HOT, KerasObject("BinaryCrossentropy")),
        ("sigmoid", 1, PRICE, KerasObject("MeanSquaredError")),
        ("linear", 1, PRICE, KerasObject("MeanSquaredError")),
        ("linear", 1, YES, KerasObject("BinaryCrossentropy", {"from_logits": True})),
        ("linear", 10, DIGIT, KerasObject("SparseCategoricalCrossentropy", {"from_logits": True})),
        ("linear", 5, DIGIT, KerasObject("MeanSquaredError")),
        ("relu", 1, None, KerasObject("MeanSquaredError")),
    ],
)
def test_loss(activation: str, units: int, column: Column | None, loss: KerasObject) -> None:
    assert suggest_loss(OutputFacts((None, units), activation), column) == loss


def test_metrics_go_with_the_loss() -> None:
    assert suggest_metrics(OutputFacts((None, 10), "softmax"), DIGIT) == (KerasObject("accuracy"),)
    assert suggest_metrics(OutputFacts((None, 1), "sigmoid"), YES) == (KerasObject("accuracy"), KerasObject("AUC"))
    assert suggest_metrics(OutputFacts((None, 1)), PRICE) == (KerasObject("MeanAbsoluteError"),)
    assert suggest_metrics(OutputFacts((None, 1)), YES) == (KerasObject("BinaryAccuracy", {"threshold": 0.0}),)


def test_the_activation_is_found_in_a_config() -> None:
    assert OutputFacts.from_layer("Dense", {"activation": "softmax"}, (None, 3)).activation == "softmax"
    assert OutputFacts.from_layer("Softmax", {}, (None, 3)).activation == "softmax"
    assert OutputFacts.from_layer("Dense", {}, (None, 3)).activation == "linear"
    written = {"module": "builtins", "class_name": "function", "config": "sigmoid", "registered_name": "function"}
    assert OutputFacts.from_layer("Dense", {"activation": written}, (None, 1)).activation == "sigmoid"
