from graph_editor.catalog.generate import docstrings

DOCUMENTATION = """Slides `windows` over e.g. an *image*. More words.

    Longer text.

    Args:
        filters: int, the dimension of the output space (the number of filters
            in the convolution).
        padding: string, either `"valid"` or `"same"` (case-insensitive).
            `"valid"` means no padding.
        rate, other: Float. Fraction of the input. Defaults to `0.5`.
        empty: Optional.
        link: See [the paper](https://example.org/a(b)).
        items: One of these:
            - `"a"`: first.
        **kwargs: Base layer keyword arguments.

    Call arguments:
        inputs: The input.
    """


def test_summary_is_the_first_sentence() -> None:
    assert docstrings.summary(DOCUMENTATION) == "Slides windows over e.g. an *image*."
    assert docstrings.summary(None) == ""


def test_arguments_are_one_line_without_type_default_and_markup() -> None:
    found = docstrings.arguments(DOCUMENTATION)
    assert found["filters"] == "The dimension of the output space (the number of filters in the convolution)."
    assert found["padding"] == 'Either "valid" or "same" (case-insensitive). "valid" means no padding.'
    assert found["rate"] == found["other"] == "Fraction of the input."
    assert found["empty"] == ""
    assert found["items"] == "One of these."
    assert "inputs" not in found


def test_quoted_words_are_the_choices() -> None:
    assert docstrings.quoted(DOCUMENTATION, "padding") == ("valid", "same")


def test_a_long_sentence_is_cut_between_words() -> None:
    line = docstrings.one_line("word " * 60 + "end.")
    assert len(line) <= docstrings.HELP_LENGTH
    assert line.endswith("word…")


def test_only_whole_sentences_are_added() -> None:
    line = docstrings.one_line("First sentence. " + "long " * 40 + "sentence.")
    assert line == "First sentence."
