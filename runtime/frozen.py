"""What is frozen, said so that Keras heeds it.

Keras trains a variable unless the layer that made it is marked itself: the mark of a nested model, or of a wrapper
around a layer, is forgotten as soon as the model is built from its config.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any


def marked_through(config: Json, frozen: bool = False) -> Json:
    """A copy of a model's config in which all layers inside what is frozen are marked as well."""
    if isinstance(config, Mapping):
        inner = config.get("config")
        if not ("class_name" in config and isinstance(inner, Mapping)):
            return {key: marked_through(value, frozen) for key, value in config.items()}
        here = frozen or inner.get("trainable") is False
        marked = {key: marked_through(value, here) for key, value in inner.items()}
        if here and "trainable" in inner:
            marked["trainable"] = False
        return {**{key: marked_through(value, frozen) for key, value in config.items()}, "config": marked}
    if isinstance(config, list):
        return [marked_through(item, frozen) for item in config]
    return config
