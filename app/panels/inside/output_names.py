"""The outputs of the model that is looked into, and what it says there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resources.plain import shown_name
from runtime.messages.inside import Activation, CallAt, Vector
from runtime.model_configs.ends import interface, tensor_leaves
from runtime.spec import RunSpec


@dataclass(frozen=True, slots=True)
class OutputAt:
    """An output of a model: its name, what people call it, and the box it comes from."""

    name: str
    title: str
    call: CallAt
    index: int


def outputs_of(spec: RunSpec) -> tuple[OutputAt, ...]:
    """In Keras' order. The name is that of the output, which may differ from that of its layer."""
    named = list(tensor_leaves(interface(spec.model, "output_layers")))
    config = spec.model.get("config", {}) if isinstance(spec.model, Mapping) else {}
    plain = list(tensor_leaves(config.get("output_layers"))) or named
    return tuple(
        OutputAt(str(leaf[0]), shown_name(spec.title(str(leaf[0]))), CallAt(str(at[0]), int(at[1])), int(at[2]))
        for leaf, at in zip(named, plain, strict=True)
    )


def input_calls(model: object) -> tuple[CallAt, ...]:
    """The boxes that the samples go into, by Keras' config of a model."""
    config = model.get("config", {}) if isinstance(model, Mapping) else {}
    return tuple(CallAt(str(at[0]), int(at[1])) for at in tensor_leaves(config.get("input_layers")))


def said(activations: Sequence[Activation], index: int) -> tuple[tuple[str, ...], int] | None:
    """The classes of an output and which one is the likeliest; None where it has none that can be told apart."""
    found = next((each for each in activations if each.output == index), None)
    view = found.view if found is not None else None
    if not isinstance(view, Vector) or len(view.values) != (view.of or len(view.values)) or not view.values:
        return None
    names = view.names or tuple(str(number) for number in range(len(view.values)))
    if len(view.values) == 1 and len(names) > 1:  # yes or no
        return names[-1:], 0
    likeliest = max(range(len(view.values)), key=lambda place: view.values[place])
    return tuple(names[: len(view.values)]), likeliest
