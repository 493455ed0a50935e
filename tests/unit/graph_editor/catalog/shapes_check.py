"""Holds the shapes that tooltips teach against Keras; run in a process of its own, prints what differs as JSON."""

import json
import math
import sys
from typing import Any

import keras

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.shapes_taught import shapes_of
from graph_editor.catalog.specs import LayerSpec

SIZES = {"steps": 12, "depth": 14, "height": 16, "width": 18, "channels": 4, "features": 64}
LEADING = (6,)  # what "…" stands for before another axis
ALONE = (6, 64)  # what it stands for by itself
INTEGERS = ("Embedding",)


def sizes_in(tokens: str) -> tuple[int, ...]:
    found: tuple[int, ...] = ()
    words = tokens.split()
    for token in words:
        found += (LEADING if len(words) > 1 else ALONE) if token == "…" else (SIZES[token],)
    return found


def fits(tokens: str, given: tuple[int, ...], config: dict[str, Any], came_in: tuple[int, ...]) -> bool:
    words = tokens.split()
    if words == ["…"]:
        return given == came_in
    if words == ["everything"]:
        return given == (math.prod(came_in),)
    expected: list[int | None] = []
    for token in words:
        if token == "…":
            expected += LEADING
        elif token.endswith("′"):
            expected.append(None)
        else:
            expected.append(math.prod(SIZES[part] if part in SIZES else config[part] for part in token.split("·")))
    return len(given) == len(expected) and all(want in (None, has) for want, has in zip(expected, given, strict=True))


def outcome(spec: LayerSpec, taught: tuple[str, str]) -> str:
    came_in = sizes_in(taught[0])
    layer = getattr(keras.layers, spec.class_name).from_config(dict(spec.defaults))
    tensor = keras.KerasTensor((None, *came_in), dtype="int32" if spec.class_name in INTEGERS else "float32")
    if spec.inputs[0].kind == "list" or (spec.class_name.endswith("Attention") and "Multi" not in spec.class_name):
        result = layer.compute_output_spec([tensor, tensor])
    elif spec.class_name == "MultiHeadAttention":
        result = layer.compute_output_spec(tensor, tensor)
    else:
        result = layer.compute_output_spec(tensor)
    given = tuple(result.shape[1:])
    return "" if fits(taught[1], given, spec.defaults, came_in) else f"{came_in} gives {given}, not {taught[1]}"


def main() -> None:
    found, checked = {}, []
    for spec in Catalog.load().palette():
        taught = shapes_of(spec)
        if taught is None:
            continue
        checked.append(spec.class_name)
        try:
            problem = outcome(spec, taught)
        except Exception as error:
            problem = f"{type(error).__name__}: {str(error)[:200]}"
        if problem:
            found[spec.class_name] = problem
    json.dump({"wrong": found, "checked": checked}, sys.stdout)


if __name__ == "__main__":
    main()
