"""Keras' words become one sentence; what no rule knows keeps Keras' own first sentence."""

from runtime.messages.inference import OperationJson
from runtime.worker.keras_models.reasons import explain, shape_text


def said(error: BaseException, class_name: str = "Dense", **config: object) -> str:
    return str(explain(error, "box", OperationJson(class_name, config), [(None, 8, 8, 3)])[0])


def test_unknown_words_are_cut_to_one_sentence() -> None:
    error = ValueError("The moon is in the wrong place. Received: a lot of numbers\nand a second line")
    assert said(error) == "box: The moon is in the wrong place."
    assert "second line" in explain(error, "box")[1]


def test_very_long_words_are_shortened() -> None:
    assert len(said(ValueError("very " * 200))) < 220


def test_an_error_without_words_has_its_name() -> None:
    assert said(NotImplementedError()) == "box: NotImplementedError."


def test_the_wrapping_around_a_message_is_taken_off() -> None:
    message = (
        "Exception encountered when calling Thing.call().\n\n\x1b[1mThe moon is wrong.\x1b[0m\n\n"
        "Arguments received by Thing.call():\n  • args=('<KerasTensor>',)"
    )
    sentence, detail = explain(ValueError(message), "box")
    assert str(sentence) == "box: The moon is wrong."
    assert "\x1b" not in detail
    assert "Arguments received" in detail


def test_weights_that_are_not_taken_are_said_with_the_layer() -> None:
    message = (
        "A total of 2 objects could not be loaded. Example error message for object <IntegerLookup name=ids, "
        "built=True>:\n\n`idf_weights` must be as long as the vocabulary.\n\nList of objects:\n[<IntegerLookup ...>]"
    )
    assert (
        said(ValueError(message))
        == "Keras cannot load what the file has of ids: `idf_weights` must be as long as the vocabulary."
    )


def test_a_missing_key_of_a_config_is_a_missing_value() -> None:
    assert said(KeyError("layer")) == "box needs a value for layer."


def test_arithmetic_with_an_unknown_size_is_about_the_size() -> None:
    error = TypeError("unsupported operand type(s) for %: 'NoneType' and 'int'")
    sentence = explain(error, "box", OperationJson("Conv2D", {}), [(None, 8, 8, None)])[0]
    assert str(sentence) == "box needs fixed sizes, but gets 8×8×?, where ? is unknown."


def test_braces_in_keras_words_do_no_harm() -> None:
    assert said(ValueError("Use {this} and {0} instead")) == "box: Use {this} and {0} instead."


def test_shapes_are_read_without_the_samples() -> None:
    assert [shape_text(shape) for shape in ((None, 8, 8, 1), (None, None, 3), (None,), (32, -1))] == [
        "8×8×1",
        "?×3",
        "()",
        "?",
    ]
