"""Keras' reasons in one sentence that a student understands, with the names and shapes at hand.

What no rule knows is shown in Keras' own words, cut to the first sentence. The whole text is always kept beside it.
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from resources.text import Text
from runtime.messages.inference import OperationJson
from runtime.messages.parts import Shape
from runtime.worker.keras_models.error_words import core, message_of, plain_words

_Value = str | int | float | Text

_NEEDS_INPUT: Final = Text("{layer} needs an input.")
_NEEDS_VALUE: Final = Text("{layer} needs a value for {parameter}.")
_UNKNOWN_SIZE: Final = Text("{layer} needs fixed sizes, but gets {shape}, where ? is unknown.")
_NO_AXIS: Final = Text("{layer} works on axis {axis}, which an input of {shape} does not have.")
_WRONG_FORM: Final = Text("{layer} needs an input of {form}, but gets {shape}.")
_WRONG_AXES: Final = Text("{layer} needs an input with {axes} axes besides the samples, but gets {shape}.")
_TOO_FEW_AXES: Final = Text("{layer} needs an input with at least {axes} axes besides the samples, but gets {shape}.")
_NO_SAMPLE: Final = Text("{layer} needs at least one axis besides the samples, but gets {shape}.")
_ONE_AXIS: Final = Text("{layer} needs an input with one axis besides the samples, but gets {shape}.")


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is known when Keras refuses: its words, and the box and the inputs it refused."""

    message: str
    kind: str
    layer: str
    class_name: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    shapes: tuple[Shape, ...] = ()

    def value(self, placeholder: str) -> _Value:
        """The value of a placeholder that the message itself does not give."""
        return _PLACEHOLDERS[placeholder](self)


def _form(problem: _Problem) -> _Value:
    name = problem.class_name
    if name.endswith("1D"):
        return Text("steps × channels")
    if name.endswith("2D") and "LSTM" not in name:
        return Text("height × width × channels")
    if name.endswith("3D") and "LSTM" not in name:
        return Text("depth × height × width × channels")
    if name in ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "TimeDistributed"):
        return Text("steps × features")
    return ""


def _window(problem: _Problem) -> _Value:
    size = problem.config.get("kernel_size", problem.config.get("pool_size", "?"))
    axes = re.search(r"([123])D", problem.class_name)
    sizes = size if isinstance(size, (list, tuple)) else [size] * int(axes[1] if axes else 1)
    return "×".join(str(part) for part in sizes)


def _setting(key: str, default: object) -> Callable[[_Problem], _Value]:
    def read(problem: _Problem) -> _Value:
        value = problem.config.get(key, default)
        return value if isinstance(value, (int, float, str)) else str(value)

    return read


_PLACEHOLDERS: Final[Mapping[str, Callable[[_Problem], _Value]]] = {
    "layer": lambda problem: problem.layer,
    "class_name": lambda problem: problem.class_name or problem.layer,
    "shape": lambda problem: shape_text(problem.shapes[0]) if problem.shapes else "?",
    "shapes": lambda problem: _listed([shape_text(shape) for shape in problem.shapes]),
    "inputs": lambda problem: len(problem.shapes),
    "form": _form,
    "window": _window,
    "target": lambda problem: shape_text(
        problem.config.get("newshape", (None, *problem.config.get("target_shape", ())))
    ),
    "axis": _setting("axis", -1),
    "groups": _setting("groups", "?"),
}

# The first pattern that occurs in the message decides. Named groups fill placeholders.
_RULES: Final[Sequence[tuple[str, Text]]] = [
    (
        r"could not be loaded\. Example .* object <\w+ name=(?P<name>[^,>]+)[^\n]*:\s+(?P<why>[^\n]+?)\.?\s*(?:\n|$)",
        Text("Keras cannot load what the file has of {name}: {why}."),
    ),
    (
        r"`stateful=True` in a RNN, the batch size must be static",
        Text("{layer} is stateful, so Keras has to know how many samples come at once: its Input does not say so."),
    ),
    (
        r"Inputs have incompatible shapes",
        Text("{layer} needs inputs of one shape, but gets {shapes}."),
    ),
    (
        r"`Concatenate` layer requires inputs with matching shapes",
        Text("{layer} joins its inputs on axis {axis}, so all other sizes must be equal, but it gets {shapes}."),
    ),
    (
        r"should be called on exactly (?P<count>\d+) inputs",
        Text("{layer} needs exactly {count} inputs, not {inputs}."),
    ),
    (
        r"expects (?P<count>\d+) input\(s\), but it received (?P<inputs>\d+) input tensors",
        Text("{layer} needs exactly {count} inputs, not {inputs}."),
    ),
    (
        r"should be called on a list of (?:at least \d+ )?inputs",
        Text("{layer} needs at least two inputs."),
    ),
    (
        r"accepts inputs list of length 2 or 3",
        Text("{layer} needs two or three inputs: query, value and perhaps key."),
    ),
    (
        r"Incompatible input shapes: axis values",
        Text("{layer} needs equal sizes on the axes that it multiplies, but gets {shapes}."),
    ),
    (
        r"expected axis (?P<axis>-?\d+) of input shape to have value (?P<size>\d+)",
        Text("{layer} already works with size {size} on axis {axis}, so it cannot also take {shape}."),
    ),
    (
        r"incompatible with the layer: expected shape=(?P<expected>\([^)]*\))",
        Text("{layer} expects {expected}, but gets {shape}."),
    ),
    (
        r"output size would be zero or negative",
        Text("{layer} looks through a window of {window}, which does not fit into {shape}."),
    ),
    (
        r"total size of the tensor must be unchanged",
        Text("{layer} cannot turn {shape} into {target}: the number of values would change."),
    ),
    (
        r"(?:must be fully-defined|must have a known shape|dimension of the inputs .*should be defined)",
        _UNKNOWN_SIZE,
    ),
    (
        r"number of input channels must be evenly divisible",
        Text("{layer} works in {groups} groups, which do not divide the channels of {shape} evenly."),
    ),
    (
        r"number of filters must be evenly divisible",
        Text("{layer} works in {groups} groups, which do not divide its filters evenly."),
    ),
    (
        r"Number of groups \((?P<groups>\d+)\) (?:must be a multiple|cannot be more)",
        Text("{layer} works in {groups} groups, which do not divide the channels of {shape} evenly."),
    ),
    (
        r"`cropping` argument should be (?:smaller|greater)",
        Text("{layer} crops more than there is in {shape}."),
    ),
    (
        r"`TimeDistributed` Layer should be passed",
        Text("{layer} needs an input of {form}, but gets {shape}."),
    ),
    (
        r"(?:missing a required argument: '(?:inputs|input|x|sequence|sequences)')|Inputs to a layer should be tensors",
        _NEEDS_INPUT,
    ),
    (
        r"missing a required argument: '(?P<argument>\w+)'",
        Text("{layer} needs an input for {argument}."),
    ),
    (
        r"missing \d+ required (?:positional|keyword-only) arguments?: (?P<parameter>.+)$",
        _NEEDS_VALUE,
    ),
    (
        r"Unrecognized keyword arguments passed to \w+: (?P<parameter>.+)$",
        Text("{class_name} does not have the setting {parameter}."),
    ),
    (
        r"got an unexpected keyword argument '(?P<parameter>\w+)'",
        Text("{class_name} does not have the setting {parameter}."),
    ),
    (
        r"`(?P<parameter>\w+)`\. Expected a float value between 0 and 1\. Received: \w+=(?P<given>.+?)\.?$",
        Text("{parameter} of {layer} must lie between 0 and 1, not {given}."),
    ),
    (
        r"`(?P<parameter>\w+)`(?:, expected a positive int|\. Expected a strictly pos).*? \w+=(?P<given>.+?)\.?$",
        Text("{parameter} of {layer} must be a whole number above zero, not {given}."),
    ),
    (
        r"`(?P<parameter>\w+)` argument must be a tuple of (?P<count>\d+) integers.*? \w+=(?P<given>\([^)]*\)|[^,]+)",
        Text("{parameter} of {layer} must be {count} whole numbers above zero, not {given}."),
    ),
    (
        r"`strides > 1` not supported in conjunction with `dilation_rate > 1`",
        Text("{layer} cannot have both strides and a dilation rate above 1."),
    ),
    (
        r"Could not interpret (?P<object>[\w ]+?)(?: function)? identifier: (?P<given>.+)$",
        Text("{layer}: Keras has no {object} called {given}."),
    ),
    (
        r"`(?P<parameter>\w+)` argument must be .*one of (?P<choices>\{[^}]*\}).*Received:? (?P<given>.+)$",
        Text("{parameter} of {layer} must be one of {choices}, not {given}."),
    ),
    (
        r"Invalid permutation argument `dims`.*Received dims=(?P<given>.+)$",
        Text("dims of {layer} must name every axis from 1 on once, not {given}."),
    ),
    (
        r"Cannot broadcast shape|have the same shape except on the `axis`|Inner dimensions|not compatible for matmul",
        Text("{layer} cannot combine inputs of {shapes}."),
    ),
]
_COMPILED: Final = [(re.compile(pattern, re.DOTALL), text) for pattern, text in _RULES]
_RANK: Final = re.compile(r"expected (?P<min>min_)?ndim=(?P<axes>\d+)")
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")


def explain(
    error: BaseException, layer: str, operation: OperationJson | None = None, shapes: Sequence[Shape] = ()
) -> tuple[Text, str]:
    """One sentence and Keras' full text. `layer` is the box's name, `shapes` are those of its inputs."""
    message = message_of(error)
    detail = f"{type(error).__name__}: {_ANSI.sub('', message)}"
    known = explained(error, layer, operation, shapes)
    reason = plain_words(message) or type(error).__name__
    return known or Text("{layer}: {reason}.", {"layer": layer, "reason": reason}), detail


def explained(
    error: BaseException, layer: str, operation: OperationJson | None = None, shapes: Sequence[Shape] = ()
) -> Text | None:
    """The sentence of the rule that knows this error; None if there is none."""
    problem = _Problem(
        message=core(message_of(error)),
        kind=type(error).__name__,
        layer=layer,
        class_name=operation.class_name if operation else "",
        config=operation.config if operation else {},
        shapes=tuple(shapes),
    )
    return _by_rank(problem) or _by_rule(problem) or _by_kind(problem)


def shape_text(shape: Sequence[int | None]) -> str:
    """A shape as people read it: without the sample axis, ? for sizes that are not known."""
    sizes = ["?" if size is None or size == -1 else str(size) for size in shape[1:]]
    return "×".join(sizes) or "()"


def _fill(text: Text, problem: _Problem, groups: Mapping[str, str]) -> Text:
    names = [name for _, name, _, _ in string.Formatter().parse(text.template) if name]
    args: dict[str, _Value] = {name: groups[name] if name in groups else problem.value(name) for name in names}
    return Text(text.template, args)


def _by_rule(problem: _Problem) -> Text | None:
    for pattern, text in _COMPILED:
        match = pattern.search(problem.message)
        if match is not None:
            groups = {key: _plain(value) for key, value in match.groupdict().items() if value is not None}
            return _fill(text, problem, groups)
    return None


def _by_rank(problem: _Problem) -> Text | None:
    """A wrong number of axes: by the form where the layer has a usual one, otherwise by the number."""
    match = _RANK.search(problem.message)
    if match is None:
        return None
    if _form(problem) != "":
        return _fill(_WRONG_FORM, problem, {})
    axes = int(match["axes"]) - 1
    if axes == 1:
        return _fill(_NO_SAMPLE if match["min"] else _ONE_AXIS, problem, {})
    return _fill(_TOO_FEW_AXES if match["min"] else _WRONG_AXES, problem, {"axes": str(axes)})


def _by_kind(problem: _Problem) -> Text | None:
    """Python errors that escape from Keras: an axis too many, or arithmetic with an unknown size."""
    if problem.kind == "IndexError" and "axis" in problem.config and problem.shapes:
        return _fill(_NO_AXIS, problem, {})
    if problem.kind == "KeyError" and (missing := re.fullmatch(r"'(\w+)'", problem.message)):
        return _fill(_NEEDS_VALUE, problem, {"parameter": missing[1]})
    if "NoneType" in problem.message and any(None in shape[1:] for shape in problem.shapes):
        return _fill(_UNKNOWN_SIZE, problem, {})
    return None


def _plain(value: str) -> str:
    """Without the braces and quotes of Python's repr; a whole shape as people read it."""
    if re.fullmatch(r"\(None(, (\d+|None))*,?\)", value):
        return shape_text([None if size == "None" else int(size) for size in re.findall(r"\w+", value)])
    names = re.findall(r"'(\w+)': ", value) if value.startswith("{") and ":" in value else None
    if names:
        return ", ".join(names)
    return value.strip().strip("{}").replace("'", "").replace(" and ", ", ")


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)
