"""Which tensors a layer takes, and where they stand among the arguments of its call."""

from typing import Final

from graph_editor.catalog.specs import Port

_POSITIONAL: Final = ("args", 0)
_PAIRS: Final = ("Dot", "Subtract", "HashedCrossing", "CustomScaleLayer")
_LISTS: Final = ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", *_PAIRS)
_ATTENTION_LISTS: Final = ("Attention", "AdditiveAttention")
_QUERY_VALUE_KEY: Final = ("MultiHeadAttention", "GroupQueryAttention")
# Recurrent layers -> how many states they carry from step to step.
STATES: Final = {"GRU": 1, "SimpleRNN": 1, "LSTM": 2, "ConvLSTM1D": 2, "ConvLSTM2D": 2, "ConvLSTM3D": 2}


def ports(class_name: str) -> tuple[Port, ...]:
    if class_name == "InputLayer":
        return ()
    if class_name in _LISTS:
        return (Port("inputs", "list", _POSITIONAL, minimum=2, maximum=2 if class_name in _PAIRS else None),)
    if class_name == "TFDConcat":  # of a FeatureSpace, which may have one feature
        return (Port("inputs", "list", _POSITIONAL),)
    if class_name in _ATTENTION_LISTS:
        items = ("query", "value", "key")
        return (Port("inputs", "list", _POSITIONAL, minimum=2, maximum=3, items=items),)
    if class_name in _QUERY_VALUE_KEY:
        return tuple(
            Port(name, "keyword", ("kwargs", name), required=name != "key") for name in ("query", "value", "key")
        )
    if class_name in STATES:
        return (Port("sequences", "single", _POSITIONAL), _initial_state(STATES[class_name]))
    return (Port("inputs", "single", _POSITIONAL),)


def _initial_state(count: int) -> Port:
    """One state is handed over as it is, several as a list."""
    path = ("kwargs", "initial_state")
    if count == 1:
        return Port("initial_state", "keyword", path, required=False)
    items = ("hidden state", "cell state")
    return Port("initial_state", "list", path, required=False, minimum=count, maximum=count, items=items)
