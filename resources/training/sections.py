"""What a project says of data and training beside scalar settings: what has parameters of its own, or one an output.

Forms, spec, exported code and the comparison of runs read names, defaults and words of these from here. A project may
have been written by hand, or by somebody who means harm: what cannot be read counts as not said.
"""

from collections.abc import Mapping
from typing import Any, Final

from resources.text import Text

OPTIMIZER: Final = "optimizer"
OUTPUTS: Final = "outputs"
CALLBACKS: Final = "callbacks"
INITIAL_WEIGHTS: Final = "initial_weights"  # a path as those of data are written
INITIAL_NAMES: Final = "initial_weights_names"  # what layers are called in that file, by their names now
SOURCES: Final = "sources"  # of the data section
BINDINGS: Final = "bindings"  # of the data section: columns by the name of an input or output
COMPOUND: Final = (OPTIMIZER, OUTPUTS, CALLBACKS, INITIAL_WEIGHTS, INITIAL_NAMES)

DEFAULT_OPTIMIZER: Final = "Adam"
DEFAULT_LOSS_WEIGHT: Final = 1.0

OPTIMIZER_TITLE: Final = Text("optimizer")
METRICS_TITLE: Final = Text("metrics")
LOSS_WEIGHT_TITLE: Final = Text("weight")
LOSS_WEIGHT_HELP: Final = Text("This output's share in the sum of losses that training lowers.")


def bindings_of(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Columns by the name of the input or output that they feed; those without any are left out."""
    bound = {name: _columns(value) for name, value in _mapping(data.get(BINDINGS)).items()}
    return {name: columns for name, columns in bound.items() if columns}


def sources_of(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return what the data section says of each source, the first one first."""
    written = data.get(SOURCES)
    return (
        tuple(source for source in written if isinstance(source, Mapping)) if isinstance(written, list | tuple) else ()
    )


def with_source(data: Mapping[str, Any], place: int, source: Mapping[str, Any]) -> dict[str, Any]:
    """The data section with another source at `place`, or one more behind the last."""
    sources = [*sources_of(data)]
    sources[place : place + 1] = [source]
    return {**data, SOURCES: sources}


def outputs_of(training: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What the training section says of each output, by its name."""
    return {name: value for name, value in _mapping(training.get(OUTPUTS)).items() if isinstance(value, Mapping)}


def initial_names_of(training: Mapping[str, Any]) -> dict[str, str]:
    """What layers that were renamed are called in the file that training starts from, by their names now."""
    return {name: value for name, value in _mapping(training.get(INITIAL_NAMES)).items() if isinstance(value, str)}


def without_weights(training: Mapping[str, Any]) -> dict[str, Any]:
    """The training section that starts fresh."""
    return {key: value for key, value in training.items() if key not in (INITIAL_WEIGHTS, INITIAL_NAMES)}


def _columns(value: Any) -> tuple[str, ...]:
    written = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
    return tuple(map(str, filter(None, written)))  # asked often, and of thousands of names


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
