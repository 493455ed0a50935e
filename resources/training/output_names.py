"""Names for the outputs of a model, each its own, for what data, losses, metrics and curves go by.

An output has the name of the layer that gives it. Where one layer gives several (a nested model, a layer with states, a
layer that is called twice), Keras calls them all the same, and reports one loss in place of two. Here the first keeps
the name of the layer, and the others are `name_1`, `name_2` and so on, past names that inputs or outputs have.
"""

from collections import Counter
from collections.abc import Collection, Sequence


def output_names(layers: Sequence[str], inputs: Collection[str]) -> list[str]:
    """`layers` are those of the outputs in Keras' order, `inputs` the names of the inputs."""
    taken, seen = {*layers, *inputs}, set[str]()
    if len(set(layers)) == len(layers):
        return list(layers)
    numbers: Counter[str] = Counter()
    names = []
    for layer in layers:
        name = layer
        while name in seen or (name in taken and name != layer):
            numbers[layer] += 1
            name = f"{layer}_{numbers[layer]}"
        seen.add(name)
        names.append(name)
    return names
