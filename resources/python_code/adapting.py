"""Layers of a script's model that learn of the training samples while the model is made."""

from typing import Final

from resources.python_code import shared

SAMPLES: Final = "samples"  # the argument of the function that makes the model
ADAPT: Final = "adapt"
ADAPT_AT: Final = "adapt_at"
ADAPTED: Final = "adapted"
ADAPT_HELPER: Final = '''def adapt(layer, samples):
    """Let a layer learn of samples: bins exactly, where Keras estimates them."""
    if isinstance(layer, keras.layers.Discretization):
        layer.bin_boundaries = boundaries(samples, layer.num_bins)
    else:
        layer.adapt(samples)
'''
ADAPT_AT_HELPER: Final = '''def adapt_at(layer, inputs, tensor, samples):
    """Let a layer learn of what the samples are at a tensor of the model, if there are samples."""
    if samples is None:
        return
    found = [x for end, x in zip(keras.tree.flatten(inputs), keras.tree.flatten(samples)) if end is tensor]
    adapt(layer, found[0] if found else keras.Model(inputs, tensor).predict(samples, verbose=0))
'''
ADAPTED_HELPER: Final = '''def adapted(layers, learning, samples):
    """Layers that follow each other; those that are `learning` learn of the samples, if there are some."""
    for layer in layers if samples is not None else []:
        if isinstance(layer, keras.KerasTensor):
            continue  # the input
        if layer.name in learning:
            adapt(layer, samples)
        samples = keras.Sequential([layer]).predict(samples, verbose=0)
    return layers
'''
NAMES: Final = (ADAPT, ADAPT_AT, ADAPTED, "boundaries")


def helpers(*, follow_each_other: bool) -> list[str]:
    """What a program with such layers calls."""
    boundaries = shared.definitions("prepared.py", ["boundaries"])
    return [*boundaries, ADAPT_HELPER, ADAPTED_HELPER if follow_each_other else ADAPT_AT_HELPER]
