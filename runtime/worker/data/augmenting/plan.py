"""What augmentation does to the samples of a model, and why it cannot be done. Free of Keras."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from resources.plain import listed
from resources.text import Text
from resources.training.augmentations import (
    BOX_FORMAT,
    CHOICES,
    AugmentationKind,
    find_augmentation,
    looks_like_boxes,
    range_of,
    unknown_augmentation,
    value_range,
    wrong_choice,
)
from runtime.messages.checking import DataProblem, ProposedMend, SettingChange
from runtime.spec import Augmentation
from runtime.worker.data.fitting import Fit, is_sparse, shape_text
from runtime.worker.data.source import DataError, Source

_PICTURES: Final = ("image", "mask")
_RANKS: Final = (2, 3)
_RGB: Final = 3
_FAR: Final = 2.0  # a range so many times as wide as the values is not theirs


@dataclass(frozen=True, slots=True)
class Planned:
    """One layer, and what it changes: `pictures` are inputs; `masks` and `targets` are pictures that an output is
    compared with, of classes and of colours; `labels` are other outputs, for a layer that mixes samples; `boxes` are
    outputs that say where something is in the picture.
    """

    kind: AugmentationKind
    written: Augmentation
    pictures: tuple[str, ...]
    masks: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        return (*self.pictures, *self.masks, *self.targets, *self.labels, *self.boxes)


class RefusedLayer(DataError):  # noqa: N818 - it is refused, and no error of the program
    """A layer that cannot be used as it is written: for the value of `parameter`, or for the labels of `fitted`."""

    def __init__(self, text: Text, parameter: str = "", fitted: Fit | None = None) -> None:
        super().__init__(text)
        self.parameter, self.fitted = parameter, fitted
        self.place = 0  # among the layers


def planned(augmentation: Sequence[Augmentation], source: Source, fits: Sequence[Fit]) -> list[Planned]:
    """Raises DataError with the first reason why a layer cannot be used."""
    if augmentation and source.fed_as_it_is:
        raise DataError(
            Text("What the project's own code makes is fed as it is: augment it there, or with boxes of the model.")
        )
    found = []
    for place, written in enumerate(augmentation):
        try:
            found.append(_planned(written, source, fits))
        except RefusedLayer as error:
            error.place = place
            raise
    return found


def known_kind(written: Augmentation) -> AugmentationKind:
    """Raises DataError for a layer that is not known, and for a parameter that is none of what it can be."""
    kind = find_augmentation(written.layer)
    if kind is None:
        raise DataError(unknown_augmentation(written.layer))
    parameter = wrong_choice(written.config)
    if parameter is not None:
        raise RefusedLayer(
            Text.of(
                "{parameter} of {layer} must be one of {choices}, not {given}.",
                parameter=parameter,
                layer=written.layer,
                choices=listed(CHOICES[parameter], len(CHOICES[parameter])),
                given=str(written.config[parameter]),
            ),
            parameter,
        )
    return kind


def _planned(written: Augmentation, source: Source, fits: Sequence[Fit]) -> Planned:
    kind = known_kind(written)
    inputs = _inputs(kind, written, source, fits)
    outputs = [fitted for fitted in fits if fitted.is_output]
    if kind.mixes:
        return _mixing(kind, written, inputs, fits)
    if not kind.moves or not written.follow:
        return Planned(kind, written, _names(inputs))
    sizes = {fitted.shape[:2] for fitted in inputs}
    following = [fitted for fitted in outputs if _kind(source, fitted) in _PICTURES and fitted.shape[:2] in sizes]
    masks = [fitted for fitted in following if _kind(source, fitted) == "mask" or is_sparse(fitted.endpoint)]
    if masks and not kind.masks:
        raise DataError(
            Text.of(
                "{layer} changes pictures in a way that masks cannot follow: choose another layer.", layer=kind.layer
            )
        )
    targets = [fitted for fitted in following if fitted not in masks]
    boxes = [fitted for fitted in outputs if written.config.get(BOX_FORMAT) and can_be_boxes(fitted)]
    if boxes and not kind.boxes:
        raise DataError(
            Text.of(
                "{layer} changes pictures in a way that boxes cannot follow: choose another layer.", layer=kind.layer
            )
        )
    return Planned(kind, written, _names(inputs), _names(masks), _names(targets), boxes=_names(boxes))


def can_be_boxes(fitted: Fit) -> bool:
    training = fitted.endpoint.training
    return fitted.is_output and looks_like_boxes(fitted.shape, training.loss.class_name if training else "")


def _mixing(kind: AugmentationKind, written: Augmentation, inputs: Sequence[Fit], fits: Sequence[Fit]) -> Planned:
    outputs = [fitted for fitted in fits if fitted.is_output]
    rest = [fitted for fitted in fits if not fitted.is_output and fitted not in inputs]
    if rest:
        name = rest[0].endpoint.name
        raise DataError(Text.of("{layer} mixes samples, but {name} would stay as it is.", layer=kind.layer, name=name))
    for fitted in outputs:
        if is_sparse(fitted.endpoint):
            raise RefusedLayer(
                Text.of(
                    "{layer} mixes the labels of two samples, which the number of a class cannot say: give {name} "
                    "CategoricalCrossentropy as its loss, and its column the step “One-hot”.",
                    layer=kind.layer,
                    name=fitted.endpoint.name,
                ),
                fitted=fitted,
            )
        if len(fitted.shape) != 1:
            raise DataError(
                Text.of(
                    "{layer} mixes labels that are a row of numbers, but those of {name} have the shape {shape}.",
                    layer=kind.layer,
                    name=fitted.endpoint.name,
                    shape=shape_text(fitted.shape),
                )
            )
    return Planned(kind, written, _names(inputs), labels=_names(outputs))


def _inputs(kind: AugmentationKind, written: Augmentation, source: Source, fits: Sequence[Fit]) -> list[Fit]:
    """The inputs that a layer is for."""
    inputs = [fitted for fitted in fits if not fitted.is_output]
    if written.input:
        chosen = [fitted for fitted in inputs if fitted.endpoint.name == written.input]
        if not chosen:
            raise DataError(
                Text.of(
                    "{layer} is for the input {name}, which the model does not have.",
                    layer=written.layer,
                    name=written.input,
                )
            )
        inputs = chosen
    else:
        inputs = [fitted for fitted in inputs if _kind(source, fitted) == "image"]
    pictures = [fitted for fitted in inputs if len(fitted.shape) in _RANKS and len(fitted.columns) == 1]
    if not pictures or (written.input and len(pictures) < len(inputs)):
        raise DataError(
            Text.of("{layer} takes pictures, but no input of the model takes any as they are.", layer=written.layer)
        )
    for fitted in pictures:
        require_colours(kind, fitted.shape, fitted.columns[0])
    return pictures


def require_colours(kind: AugmentationKind, shape: Sequence[int], column: str) -> None:
    """Raises DataError where the layer needs pictures of three colours, and these are none."""
    if kind.colours and (len(shape) < _RANKS[-1] or shape[2] != _RGB):
        raise DataError(
            Text.of(
                "{layer} takes pictures of three colours, but {column} comes as {shape}: add the step that makes them "
                "colour, or choose another layer.",
                layer=kind.layer,
                column=column,
                shape=shape_text(shape),
            )
        )


def _kind(source: Source, fitted: Fit) -> str:
    name = fitted.columns[0]
    return source.sample_kind(name) or source.column(name).kind


def _names(fits: Sequence[Fit]) -> tuple[str, ...]:
    return tuple(fitted.endpoint.name for fitted in fits)


def range_problems(plan: Sequence[Planned], source: Source, fits: Sequence[Fit]) -> Iterator[DataProblem]:
    """Layers that are told another range of values than pictures have: they would make them white, or do nothing."""
    by_name = {fitted.endpoint.name: fitted for fitted in fits}
    for place, layer in enumerate(plan):
        name = layer.pictures[0]
        column = source.column(by_name[name].columns[0])
        expected, found = value_range(layer.kind, layer.written.config), range_of(column.minimum, column.maximum)
        if expected is None or found is None or not _far(expected, found):
            continue
        text = Text.of(
            "{layer} expects values from {low} to {high}, but those of {column} go from {least} to {most}.",
            layer=layer.kind.layer,
            low=f"{expected[0]:g}",
            high=f"{expected[1]:g}",
            column=column.name,
            least=f"{column.minimum:g}",
            most=f"{column.maximum:g}",
        )
        mend = ProposedMend(
            Text.of(
                "Tell {layer} that values go from {low} to {high}.",
                layer=layer.kind.layer,
                low=f"{found[0]:g}",
                high=f"{found[1]:g}",
            ),
            (SettingChange("data", ("augmentation", str(place), "config", "value_range"), list(found)),),
        )
        yield DataProblem("warning", text, name, column.name, kind="augmentation_range", mend=mend)


def _far(expected: tuple[float, float], found: tuple[float, float]) -> bool:
    narrow = found[0] < expected[0] or found[1] > expected[1]
    return narrow or expected[1] - expected[0] >= _FAR * (found[1] - found[0])
