"""The specs of losses, metrics, optimizers, learning-rate schedules and all other kinds of `ObjectKind`."""

import inspect
import json
import re
from typing import Any, Final, Literal, get_args

import keras

from graph_editor.catalog.generate import docstrings
from graph_editor.catalog.generate.overlay import Overlay
from graph_editor.catalog.generate.parameters import constructor_arguments, describe, is_required
from graph_editor.catalog.specs import Json, ObjectKind, ObjectsFile, ObjectSpec

KINDS: Final[tuple[ObjectKind, ...]] = get_args(ObjectKind)
_NOT_PARAMETERS: Final = ("self", "name", "dtype", "reduction", "x", "kwargs")


def objects_file(kind: ObjectKind, overlay: Overlay) -> ObjectsFile:
    module = namespace(kind)
    reasons = overlay.reasons.get(kind, {})
    specs: list[ObjectSpec] = []
    left_out: dict[str, str] = {}
    for public in sorted(dir(module)):
        target = getattr(module, public)
        if not _is_public_object(kind, public, target):
            continue
        if public in reasons:
            left_out[public] = reasons[public]
        else:
            specs.append(_spec(kind, public, target, overlay))
    return ObjectsFile(keras.__version__, tuple(specs), left_out)


def namespace(kind: ObjectKind) -> Any:
    """Return where Keras publishes the objects of a kind."""
    return keras.optimizers.schedules if kind == "schedules" else getattr(keras, kind)


def _is_public_object(kind: ObjectKind, public: str, target: Any) -> bool:
    """Classes and activations by their own name; other public names of the same thing are passed over."""
    if kind == "activations":
        helpers = ("get", "serialize", "deserialize")
        return inspect.isfunction(target) and public not in helpers and target.__name__ == public
    return inspect.isclass(target) and target.__name__ == public


def _spec(kind: ObjectKind, public: str, target: Any, overlay: Overlay) -> ObjectSpec:
    callable_ = target if kind == "activations" else target.__init__
    arguments = [item for item in constructor_arguments(callable_) if item.name not in _NOT_PARAMETERS]
    required = [item for item in arguments if is_required(item)]
    config = _config(kind, target, required, public, overlay)
    metric = _instance(target, required, public, overlay) if kind == "metrics" else None
    return ObjectSpec(
        class_name=public,
        kind=kind,
        identifier=_identifier(kind, public),
        help=overlay.help.get(f"{kind}.{public}") or docstrings.summary(target.__doc__),
        parameters=tuple(
            describe(public, item, target.__doc__, config, overlay)
            for item in arguments
            if f"{public}.{item.name}" not in overlay.drop
        ),
        config=config,
        logged=re.sub(r"_[0-9]+$", "", metric.name) if metric is not None else "",
        direction=_direction(metric) or overlay.directions.get(public) if metric is not None else None,
        aliases=_aliases(public) if metric is not None else (),
    )


def _direction(metric: Any) -> Literal["min", "max"] | None:
    """Return what the callbacks of Keras ask a metric in their mode "auto"."""
    told = getattr(metric, "_direction", None)
    return None if told is None else "max" if told == "up" else "min"


def _aliases(public: str) -> tuple[str, ...]:
    """Short names of a metric beside its own, such as "mse"."""
    known = keras.src.metrics.ALL_OBJECTS_DICT
    own = {public, _identifier("metrics", public)}
    return tuple(sorted(name for name, target in known.items() if target.__name__ == public and name not in own))


def _identifier(kind: ObjectKind, public: str) -> str:
    """The short name where Keras takes it, the class name otherwise."""
    if kind == "activations":
        return public
    short = keras.src.utils.naming.to_snake_case(public.replace("NaN", "Nan"))
    if kind == "callbacks":
        return str(short)
    if kind == "schedules":
        return public
    module = namespace(kind)
    for candidate in (short, public.lower()):
        try:
            candidate_object = module.get(candidate)
        except (ValueError, TypeError, KeyError):
            continue
        if _is_instance(candidate_object, public):
            return str(candidate)
    return public


def _is_instance(candidate: Any, public: str) -> bool:
    """Whether Keras understood a short name: it answers with an object of the class or with its function."""
    return type(candidate).__name__ == public or inspect.isfunction(candidate)


def _config(
    kind: ObjectKind, target: Any, required: list[inspect.Parameter], public: str, overlay: Overlay
) -> dict[str, Json]:
    """The config that Keras writes for default values, without the name; empty for callbacks and functions."""
    if kind in ("activations", "callbacks"):
        return {}
    instance = _instance(target, required, public, overlay)
    config: dict[str, Json] = json.loads(json.dumps(instance.get_config()))
    config.pop("name", None)
    defaults = {item.name: item.default for item in constructor_arguments(target.__init__)}
    for key, value in config.items():  # 0.001 comes back from a float32 variable as 0.0010000000474974513
        if isinstance(value, float) and isinstance(defaults.get(key), float):
            config[key] = defaults[key]
    return config


def _instance(target: Any, required: list[inspect.Parameter], public: str, overlay: Overlay) -> Any:
    return target(**overlay.start_values(public, [item.name for item in required], []))
