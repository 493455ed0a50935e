"""Truths that an activation never comes to, and units for which there is no class."""

from collections.abc import Iterator
from typing import Final

from graph_editor.document.checking.model_facts import ModelFacts, Truth
from graph_editor.document.checking.trained_outputs import TrainedOutput, trained_outputs
from graph_editor.document.checking.validation import Mend, Problem
from resources.text import Text

_INFINITE: Final = float("inf")
_REACH: Final = {  # the lowest and the highest value that an activation comes to
    **dict.fromkeys(("sigmoid", "hard_sigmoid", "sparse_sigmoid", "softmax", "sparsemax"), (0.0, 1.0)),
    **dict.fromkeys(("tanh", "hard_tanh", "softsign"), (-1.0, 1.0)),
    **dict.fromkeys(("relu", "softplus", "exponential", "squareplus", "sparse_plus"), (0.0, _INFINITE)),
    "relu6": (0.0, 6.0),
    "elu": (-1.0, _INFINITE),
    "celu": (-1.0, _INFINITE),
    "selu": (-1.7581, _INFINITE),
    "gelu": (-0.17, _INFINITE),
    "silu": (-0.2785, _INFINITE),
    "hard_silu": (-0.375, _INFINITE),
    "mish": (-0.3088, _INFINITE),
    "log_sigmoid": (-_INFINITE, 0.0),
    "log_softmax": (-_INFINITE, 0.0),
}
_OF_NUMBERS: Final = {  # losses that are smallest where the output is the truth itself
    "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Huber",
    "LogCosh", "Poisson",
}  # fmt: skip


def truth_in_reach(facts: ModelFacts) -> Iterator[Problem]:
    for output in trained_outputs(facts):
        if output.truth is not None and output.loss.known:
            yield from _out_of_reach(output, output.truth, facts)
            yield from _unused_units(output, output.truth)


def _out_of_reach(output: TrainedOutput, truth: Truth, facts: ModelFacts) -> Iterator[Problem]:
    reach = _REACH.get(output.head.activation or "")
    if reach is None or output.loss.name not in _OF_NUMBERS or truth.lowest is None or truth.highest is None:
        return
    if reach[0] <= truth.lowest and truth.highest <= reach[1]:
        return
    text = Text(
        "{output} ends in {activation}, but {column} goes from {lowest} to {highest}, which that does not reach.",
        {
            "output": output.name,
            "activation": str(output.head.activation),
            "column": truth.column,
            "lowest": _short(truth.lowest),
            "highest": _short(truth.highest),
        },
    )
    activation = "softplus" if output.loss.name == "Poisson" else "linear"
    yield output.remark("out_of_reach", text, output.with_activation(activation, facts.catalog))


def _unused_units(output: TrainedOutput, truth: Truth) -> Iterator[Problem]:
    units, classes = output.units, truth.classes
    if not output.takes_class_numbers or units is None or classes is None or classes < 2 or classes >= units:
        return
    text = Text(
        "{output} has {units} units, but {column} holds only {classes} classes.",
        {"output": output.name, "units": units, "column": truth.column, "classes": classes},
    )
    yield output.remark("unused_units", text, mend_of_classes(output))


def mend_of_classes(output: TrainedOutput) -> Mend | None:
    """As many units as there are classes; None where they are not those of the output itself."""
    classes = output.truth.classes if output.truth is not None else None
    own = output.head.call == output.call
    edits = output.head.with_units(classes) if own and classes is not None else None
    if edits is None or classes is None:
        return None
    return Mend(Text.of("Give {layer} {count} units", layer=output.head.operation.shown_name, count=classes), edits)


def _short(value: float) -> str:
    return f"{value:.6g}"


RULE = truth_in_reach
