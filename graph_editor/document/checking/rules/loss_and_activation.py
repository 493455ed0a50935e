"""Outputs whose last activation and whose loss do not go together: Keras trains them, and they learn badly or nothing.

What a loss expects is read from Keras: without ``from_logits`` crossentropies take probabilities, with it any numbers.
"""

from collections.abc import Iterator
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.trained_outputs import SPARSE, TrainedOutput, trained_outputs
from graph_editor.document.checking.validation import Mend, Problem
from resources.text import Text

_BINARY: Final = {"BinaryCrossentropy", "BinaryFocalCrossentropy"}
_CATEGORICAL: Final = {"CategoricalCrossentropy", "CategoricalFocalCrossentropy", SPARSE}
_OTHERS_OF_PROBABILITIES: Final = {"KLDivergence", "Dice", "Tversky", "CategoricalGeneralizedCrossEntropy"}
_HINGES: Final = {"Hinge", "SquaredHinge"}
_OF_ONE_UNIT: Final = {"Poisson": "softplus", "Hinge": "tanh", "SquaredHinge": "tanh"}  # what fits their range

SUM_TO_ONE: Final = {"softmax", "sparsemax"}
PROBABILITIES: Final = SUM_TO_ONE | {"sigmoid", "hard_sigmoid", "sparse_sigmoid"}
ANY_NUMBER: Final = {"linear", "leaky_relu", "tanh_shrink", "hard_shrink", "soft_shrink"}
_NOT_NEGATIVE: Final = {"relu", "relu6", "softplus", "exponential", "squareplus", "sparse_plus"}
_OTHERS: Final = {
    "elu", "selu", "celu", "gelu", "silu", "hard_silu", "mish", "softsign", "tanh", "hard_tanh", "log_sigmoid",
    "log_softmax",
}  # fmt: skip
_KNOWN: Final = PROBABILITIES | ANY_NUMBER | _NOT_NEGATIVE | _OTHERS


def loss_and_activation(facts: ModelFacts) -> Iterator[Problem]:
    """At most one remark for each output: what mends it is looked at anew."""
    for output in trained_outputs(facts):
        if output.head.activation not in _KNOWN:
            continue
        for look in (_one_unit, _softmax_of_one, _yes_or_no_of_classes, _logits, _probabilities, _other_ranges):
            found = look(output, facts.catalog)
            if found is not None:
                yield found
                break


def _one_unit(output: TrainedOutput, catalog: Catalog) -> Problem | None:
    """A crossentropy over classes of which there is one."""
    if output.units != 1 or not (output.loss.name in _CATEGORICAL and output.loss.known):
        return None
    text = Text("{output} has one unit, and over one class {loss} is always 0.", _words(output))
    return output.remark("one_class", text, _binary_mend(output, catalog))


def _binary_mend(output: TrainedOutput, catalog: Catalog) -> Mend | None:
    """The loss for one unit that says yes or no, and the activation that goes with it."""
    if output.head.activation in ANY_NUMBER and output.loss.from_logits:
        text = Text("Use the loss {loss}", {"loss": "BinaryCrossentropy"})
        return Mend(text, (output.set_loss("BinaryCrossentropy", from_logits=True),))
    text = Text("Use sigmoid and the loss {loss}", {"loss": "BinaryCrossentropy"})
    edits = output.head.with_activation("sigmoid", catalog)
    return None if edits is None else Mend(text, (*edits, output.set_loss("BinaryCrossentropy")))


def _softmax_of_one(output: TrainedOutput, catalog: Catalog) -> Problem | None:
    if (
        output.units != 1
        or output.head.activation not in SUM_TO_ONE
        or output.head.axis not in (-1, len(output.shape) - 1)
    ):
        return None
    text = Text("{output} ends in {activation} over one unit, which is always 1.", _words(output))
    name = "sigmoid" if _takes_probabilities(output) else _OF_ONE_UNIT.get(output.loss.name, "linear")
    more = (output.set_loss(from_logits=False),) if output.loss.from_logits else ()
    return output.remark("one_unit_softmax", text, output.with_activation(name, catalog, *more))


def _yes_or_no_of_classes(output: TrainedOutput, _catalog: Catalog) -> Problem | None:
    """A softmax with a loss that looks at each class by itself. Of two classes that comes to the same."""
    units = output.units or 0
    if output.loss.name not in _BINARY or output.head.activation not in SUM_TO_ONE or units < 3:
        return None
    text = Text(
        "{output} ends in {activation}, but {loss} takes each class as a yes or no of its own.",
        _words(output),
    )
    better = "CategoricalFocalCrossentropy" if "Focal" in output.loss.name else "CategoricalCrossentropy"
    mend = Mend(Text("Use the loss {loss}", {"loss": better}), (output.set_loss(better),))
    return output.remark("softmax_binary", text, mend)


def _logits(output: TrainedOutput, catalog: Catalog) -> Problem | None:
    """A loss that is told that it gets logits, and gets something else."""
    activation = output.head.activation
    if not output.loss.from_logits or activation in ANY_NUMBER or output.loss.name not in _BINARY | _CATEGORICAL:
        return None
    categorical = output.loss.name in _CATEGORICAL
    if categorical and activation == "log_softmax":
        return None  # whose softmax is what it was made of
    fits = activation in (SUM_TO_ONE if categorical else PROBABILITIES)
    text = Text("{output} ends in {activation}, but its loss expects logits (from_logits).", _words(output))
    if fits:
        return output.remark("logits_twice", text, Mend(_logits_text(False), (output.set_loss(from_logits=False),)))
    return output.remark("no_logits", text, output.with_activation("linear", catalog))


def _probabilities(output: TrainedOutput, catalog: Catalog) -> Problem | None:
    """A loss of probabilities that gets something else."""
    activation, loss = output.head.activation, output.loss
    if not _takes_probabilities(output) or loss.from_logits or activation in SUM_TO_ONE:
        return None
    categorical = loss.name in _CATEGORICAL or loss.name == "CategoricalGeneralizedCrossEntropy"
    if activation in PROBABILITIES and not (categorical and output.units != 1):
        return None
    wanted = "softmax" if categorical or (loss.name == "KLDivergence" and output.units != 1) else "sigmoid"
    mend = output.with_activation(wanted, catalog)
    are_logits = categorical and activation == "log_softmax"
    if loss.name in _BINARY | _CATEGORICAL and (are_logits or (mend is None and activation in ANY_NUMBER)):
        mend = Mend(_logits_text(True), (output.set_loss(from_logits=True),))
    if activation in PROBABILITIES:
        text = Text("{output} ends in {activation}: its classes do not add up to 1, as {loss} expects.", _words(output))
        return output.remark("sigmoid_classes", text, mend)
    if activation == "linear":
        text = Text("{output} ends without an activation, but {loss} expects probabilities.", _words(output))
        return output.remark("no_activation", text, mend)
    text = Text("{output} ends in {activation}, but {loss} expects probabilities.", _words(output))
    return output.remark("no_probabilities", text, mend)


def _other_ranges(output: TrainedOutput, catalog: Catalog) -> Problem | None:
    activation = output.head.activation
    if output.loss.name == "Poisson" and activation not in PROBABILITIES | _NOT_NEGATIVE:
        text = Text("{output} may be negative, but {loss} takes its logarithm.", _words(output))
        return output.remark("negative_poisson", text, output.with_activation("softplus", catalog))
    if output.loss.name in _HINGES and activation in PROBABILITIES | _NOT_NEGATIVE:
        text = Text("{output} ends in {activation}, but {loss} expects -1 to 1.", _words(output))
        return output.remark("hinge_range", text, output.with_activation("tanh", catalog))
    return None


def _takes_probabilities(output: TrainedOutput) -> bool:
    return output.loss.known and output.loss.name in _BINARY | _CATEGORICAL | _OTHERS_OF_PROBABILITIES


def _words(output: TrainedOutput) -> dict[str, str | int | float | Text]:
    return {"output": output.name, "activation": str(output.head.activation), "loss": output.loss.name}


def _logits_text(on: bool) -> Text:
    return Text("Set from_logits of the loss to true") if on else Text("Set from_logits of the loss to false")


RULE = loss_and_activation
