"""Why a training failed, in one sentence that names the box and the cause.

What no rule knows is shown in the words of Keras or of the backend, cleaned and cut; the whole text is kept beside it.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from resources.os_reasons import DISK_FULL as DISK_IS_FULL
from resources.text import Facts, Text
from runtime.worker.keras_models.build import TOO_DEEP
from runtime.worker.keras_models.error_places import ErrorPlace, place_of
from runtime.worker.keras_models.error_words import cut, message_of, plain_words
from runtime.worker.keras_models.memory_reasons import memory_text
from runtime.worker.keras_models.reasons import explained, shape_text
from runtime.worker.process.failures import is_out_of_memory, system_error, system_reason

DISK_FULL: Final = Text("The disk is full.")

# Messages of TensorFlow's kernels and of Keras' checks at the first batch. The first pattern that occurs decides; named
# groups fill the sentence, in which {layer} is the box. Rules with {layer} count only where the box is known.
_RULES: Final[Sequence[tuple[str, Text]]] = [
    (
        r"indices\[[\d,]*\] = (?P<value>-?\d+) is not in \[0, (?P<count>\d+)\)",
        Text("{layer} gets the number {value}, but takes 0 to {last}."),
    ),
    (
        r"label value of (?P<value>-?\d+) which is outside the valid range of \[0, (?P<count>\d+)\)",
        Text("A label is {value}, but the loss takes classes 0 to {last}."),
    ),
    (
        r"assertion failed: \[predictions must be (?P<bound>>= 0|<= 1)\]",
        Text("A metric takes predictions from 0 to 1 only."),
    ),
    (r"assertion failed: \[(?P<words>[^\]]+)\]", Text("{layer} stopped by a check of its own: {words}.")),
    (r"Tensor had (?:NaN|Inf)", Text("{layer} computes values that are no numbers any more (NaN or infinite).")),
    (
        r"Input to reshape is a tensor with (?P<count>\d+) values, but the requested shape",
        Text("{layer} cannot give {count} values its shape."),
    ),
    (
        r"Negative dimension size caused by subtracting \d+ from \d+|Computed output size would be negative",
        Text("{layer} looks through a window that is larger than what it gets."),
    ),
    (
        r"ConcatOp : Dimension \d+ in both shapes must be equal|ConcatOp : Dimensions of inputs should match",
        Text("{layer} joins its inputs on one axis, so all other sizes must be equal; in this batch they are not."),
    ),
    (
        r"(?:Cast string to \w+ is not supported|Unsupported type[^.]*string|dtype string|cannot cast .*string)",
        Text("{layer} gets text, but computes with numbers."),
    ),
    (
        r"only supports NHWC|only supports the NHWC|NCHW .*not supported|CPU .*NHWC",
        Text("{layer} has data_format channels_first, which TensorFlow computes on a GPU only."),
    ),
    (
        r"unsupported operations when trying to compile|No registered '\w+' OpKernel for XLA|not compilable",
        Text("XLA cannot compile this model: switch jit_compile off in Train."),
    ),
    (
        r"logits shape \[(?P<one>[^\]]*)\] and labels shape \[(?P<other>[^\]]*)\]",
        Text("The loss cannot compare outputs of {one} with labels of {other}."),
    ),
    (
        r"target\.shape=\((?P<other>[^)]*)\), output\.shape=\((?P<one>[^)]*)\)",
        Text("The loss cannot compare outputs of ({one}) with labels of ({other})."),
    ),
    (
        r"only 0-dimensional arrays|only length-1 arrays|only size-1 arrays",
        Text("A metric gives several numbers instead of one: set how it takes their average in Train."),
    ),
    (r"Input is not invertible", Text("{layer} gets a matrix that has no inverse.")),
    (
        r"Cannot take the length of shape with unknown rank|unknown TensorShape",
        Text("{layer} needs to know how many axes its input has."),
    ),
]
_COMPILED: Final = [(re.compile(pattern, re.DOTALL), text) for pattern, text in _RULES]
_IN_PARTS: Final[dict[str, Text]] = {
    "loss": Text("The loss cannot be computed: {reason}."),
    "metric": Text("The metric {name} cannot be computed: {reason}."),
    "optimizer": Text("The optimizer cannot take a step: {reason}."),
}
_SHAPES: Final = re.compile(r"\[[\d,? ]*\] vs\. \[[\d,? ]*\]|are incompatible|must be equal|Incompatible shapes")


def failure_text(error: BaseException, model: Any = None) -> Text:
    """What to say of an exception that ended a run. `model`: as far as it was built."""
    reason = system_reason(error)
    if reason == DISK_IS_FULL:
        return DISK_FULL
    place = place_of(error, model)
    if is_out_of_memory(error):
        return memory_text(str(error), place, building=False)
    if reason is not None and place.code is None:
        return _of_system(error, reason)
    if isinstance(error, RecursionError) and place.code is None:
        return TOO_DEEP
    message = message_of(error)
    if place.code is not None:
        return _in_own_code(error, place)
    return _by_rule(message, place) or _by_shapes(message, place) or _of_place(error, message, place)


def _of_system(error: BaseException, reason: str | Text) -> Text:
    found = system_error(error)
    name = found.filename if isinstance(found, OSError) and isinstance(found.filename, str) else ""
    if name:
        return Text.of("Training failed: {file}: {reason}.", file=name, reason=reason)
    return Text.of("Training failed: {reason}.", reason=reason)


def _in_own_code(error: BaseException, place: ErrorPlace) -> Text:
    """The project's own code: people want its line, and what Python said."""
    assert place.code is not None
    words = plain_words(message_of(error))
    kind = type(error).__name__ if type(error).__module__ in ("builtins", "exceptions") else ""
    if isinstance(error, KeyError) and words and "'" not in words:
        words = f"'{words}'"
    if not kind or words.startswith(f"{kind}:"):
        sentence = words or type(error).__name__
    else:
        sentence = f"{kind}: {words}" if words else kind
    file, line = place.code
    if place.layer:
        return Text.of(
            "Training failed in {layer} ({file}, line {line}): {reason}.",
            layer=place.layer,
            file=file,
            line=line,
            reason=sentence,
        )
    return Text.of("Training failed in {file}, line {line}: {reason}.", file=file, line=line, reason=sentence)


def _by_rule(message: str, place: ErrorPlace) -> Text | None:
    for pattern, text in _COMPILED:
        match = pattern.search(message)
        if match is None:
            continue
        if "{layer}" in text.template and not place.layer:
            return None
        facts: Facts = {
            key: cut(" ".join(value.split())) for key, value in match.groupdict().items() if value is not None
        }
        if "count" in facts:
            facts["last"] = str(int(match["count"]) - 1)
        return msgspec.structs.replace(text, args={**facts, "layer": place.layer})
    return None


def _by_shapes(message: str, place: ErrorPlace) -> Text | None:
    if not place.layer or len(place.shapes) < 2 or not _SHAPES.search(message):
        return None
    shapes = ", ".join(shape_text(shape) for shape in place.shapes)
    return Text("{layer} cannot combine inputs of {shapes}.", {"layer": place.layer, "shapes": shapes})


def _of_place(error: BaseException, message: str, place: ErrorPlace) -> Text:
    words = plain_words(message) or type(error).__name__
    if place.part:
        return msgspec.structs.replace(_IN_PARTS[place.part], args={"name": place.part_name, "reason": words})
    if not place.layer:
        return Text("Training failed: {reason}.", {"reason": words})
    known = explained(error, place.layer, place.operation, place.shapes)
    return known or Text("Training failed in {layer}: {reason}.", {"layer": place.layer, "reason": words})
