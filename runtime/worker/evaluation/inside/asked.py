"""What questions about the inside of a model have in common: the sample, the names that are known, what is kept."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from runtime.messages.inside import CallAt
from runtime.messages.trained import On, OneSample
from runtime.worker.data.keeping.kept_facts import state_key
from runtime.worker.data.pipeline import Pipeline, first_sample
from runtime.worker.data.source import DataError
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.inside.activations import Names
from runtime.worker.evaluation.inside.addresses import all_calls, require_graph
from runtime.worker.evaluation.inside.looking import Looker
from runtime.worker.evaluation.inside.modes import needs_batch
from runtime.worker.evaluation.inside.views import word_of
from runtime.worker.evaluation.loaded import Arrays, Loaded

_COMPANIONS: Final = 31  # samples beside the one, whose statistics a batch has in training
_MOST_VALUES: Final = 4 << 20  # of the inputs of all of them: larger samples have fewer companions
_SPECIAL: Final = ("", "[UNK]")  # what TextVectorization has before its words


def looker_of(loaded: Loaded) -> Looker:
    if loaded.inside is None:
        loaded.inside = Looker(loaded.model)
    found: Looker = loaded.inside
    return found


def calls_of(loaded: Loaded, calls: Sequence[CallAt]) -> tuple[CallAt, ...]:
    """Those that are asked for; all of the outermost model where none is."""
    return tuple(calls) or tuple(all_calls(loaded.model))


def sample_of(evaluator: Evaluator, loaded: Loaded, sample: OneSample, training: bool, seed: int) -> Arrays:
    """The sample by input, first in a batch of its own; as in training, others of its data are beside it.

    Raises DataError.
    """
    one = evaluator.one(loaded, sample)
    if not training or not needs_batch(loaded.model):
        return one
    values = sum(array.size for array in one.values())
    count = min(_COMPANIONS, loaded.trained.batch_size - 1, _MOST_VALUES // max(1, values))
    try:
        samples = evaluator.samples(loaded, sample.on or On("training"))
    except DataError:
        return one  # the data is gone: the sample is a batch by itself
    places = np.random.default_rng(seed).permutation(samples.count)[: max(0, count)]
    if not len(places):
        return one
    others, _ = samples.take(np.sort(places))
    return {name: np.concatenate([array, others[name]]) for name, array in one.items()}


def names_of(loaded: Loaded, arrays: Arrays) -> Names:
    """Classes of outputs, words of inputs, and the words of this sample."""
    outputs = require_graph(loaded.model).model.outputs
    classes = {
        id(tensor): loaded.classes.get(output.name, ()) for tensor, output in zip(outputs, loaded.outputs, strict=False)
    }
    words = {one.name: words_of_input(loaded, one.name) for one in loaded.inputs}
    tokens: dict[int, tuple[str, ...]] = {}
    for name, array in arrays.items():
        if array.ndim == 2 and array.dtype.kind in "iu" and words.get(name):
            tokens[array.shape[1]] = tuple(word_of(int(value), words[name]) for value in array[0])
    return Names(classes, {name: found for name, found in words.items() if found}, tokens)


def words_of_input(loaded: Loaded, name: str) -> Sequence[str]:
    """The words whose places a column of whole numbers has, where its steps or its own words say so; () otherwise."""
    binding, kept = loaded.spec.binding(name), loaded.data
    if binding is None or kept is None or len(binding.columns) != 1:
        return ()
    column = binding.columns[0]
    facts = kept.columns.get(column)
    if facts is None:
        return ()
    steps = loaded.spec.data.columns[column].steps if column in loaded.spec.data.columns else ()
    if not steps:
        return facts.classes
    if steps[-1].step != "text_vectorization" or steps[-1].settings.get("output_mode", "int") != "int":
        return facts.classes
    first = first_sample(facts.shape, np.dtype(facts.dtype), facts.kind, facts.categories)
    state: Any = kept.states.get(state_key(Pipeline(column, first, steps), len(steps) - 1))
    vocabulary = state.get("vocabulary") if isinstance(state, dict) else None
    return (*_SPECIAL, *map(str, vocabulary)) if isinstance(vocabulary, list | tuple) else ()


def words_of_embedding(loaded: Loaded, layer: str) -> Sequence[str]:
    """The words of the rows of an Embedding of the outermost model: those of the input or the layer before it."""
    graph = require_graph(loaded.model)
    node = graph.find(layer, 0)
    if node is None or not node.input_tensors:
        return ()
    before = graph.makers[id(node.input_tensors[0])]
    if hasattr(before.operation, "get_vocabulary"):
        return [str(word) for word in before.operation.get_vocabulary()]
    return words_of_input(loaded, before.operation.name) if before.is_input else ()
