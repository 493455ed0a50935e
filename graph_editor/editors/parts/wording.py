"""How parameters and numbers are written for people."""

from graph_editor.catalog.specs import Json, Parameter

MINUS = "\N{MINUS SIGN}"
INFINITY = "\N{INFINITY}"
TIMES = "\N{MULTIPLICATION SIGN}"
_SHOWN_AS = {"batch_shape": "shape"}


def parameter_words(parameter: Parameter) -> str:
    """`kernel_size` as "kernel size"; the names stay Keras' own in every language."""
    return _SHOWN_AS.get(parameter.name, parameter.name.replace("_", " "))


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number, exponents without padding: 1e-7, not 1e-07."""
    if isinstance(value, int):
        return str(value)
    mantissa, mark, exponent = repr(value).partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else mantissa


def plain(value: Json) -> Json:
    """The value with tuples as lists, as JSON has them."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value
