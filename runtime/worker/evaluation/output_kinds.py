"""What an output is looked at as, told from its loss, its shape and the column that is its truth. Free of Keras."""

from collections.abc import Mapping, Sequence

from runtime.evaluation.kept_data import KeptColumn
from runtime.messages.checking import Endpoint
from runtime.messages.views import OutputKind
from runtime.worker.data.fitting import is_sparse, loss_key

_CLASSES = ("categoricalcrossentropy", "sparsecategoricalcrossentropy", "categoricalfocalcrossentropy", "kldivergence",
            "categoricalhinge", "kullbackleiblerdivergence")  # fmt: skip
_BINARY = ("binarycrossentropy", "binaryfocalcrossentropy", "hinge", "squaredhinge")
_OVERLAP = ("dice", "tversky")


def kind_of(output: Endpoint, columns: Sequence[str], kept: Mapping[str, KeptColumn]) -> OutputKind:
    """`columns` are those of its truth."""
    loss = loss_key(output.training.loss.class_name) if output.training is not None else ""
    shape = output.shape[1:]
    column = kept.get(columns[0]) if columns else None
    if loss == "ctc":
        return "ctc"
    if loss in _OVERLAP or (column is not None and column.kind == "mask"):
        return "mask"
    if column is not None and column.kind == "image":
        return "pictures"
    if loss in _CLASSES:
        return "classes" if len(shape) == 1 else "tokens" if len(shape) == 2 else "mask"
    if loss in _BINARY:
        if len(shape) <= 1:
            return "binary" if not shape or shape[-1] == 1 else "labels"
        return "mask" if len(shape) == 3 else "other"
    if len(shape) == 3:
        return "pictures"
    return "numbers" if len(shape) <= 1 else "other"


def classes_of(output: Endpoint, columns: Sequence[str], kept: Mapping[str, KeptColumn]) -> tuple[str, ...]:
    """The names of the classes, in the order of the model's numbers for them; () for an output of numbers."""
    kind = kind_of(output, columns, kept)
    if kind not in ("classes", "binary", "labels", "tokens", "mask"):
        return ()
    units = output.shape[-1] or 1
    count = 2 if kind == "binary" or (kind == "mask" and units == 1) else units
    column = kept.get(columns[0]) if len(columns) == 1 else None
    if column is not None and len(column.classes) == count and (is_sparse(output) or count == 2):
        return column.classes
    if len(columns) == count and kind in ("classes", "labels"):
        return tuple(columns)
    return tuple(str(number) for number in range(count))
