"""What freezing does to a layer, in a sentence where the switch is."""

from collections.abc import Iterable

from graph_editor.document.changes.freezing import inside
from graph_editor.document.document import Document
from graph_editor.document.graph import Operation
from resources.text import tr

_BATCH_NORMALIZATION = frozenset({"BatchNormalization", "SyncBatchNormalization"})


def normalizes(operations: Iterable[Operation]) -> bool:
    """Whether any of them is a BatchNormalization, to which freezing does more than to others."""
    return any(operation.class_name in _BATCH_NORMALIZATION for operation in operations)


def freeze_sentence(document: Document, operation: Operation, frozen: bool, around: str) -> str:
    """``around`` is the frozen model that the layer lies in, if any; empty when there is nothing to say."""
    parts = []
    if around:
        parts.append(tr("Frozen with {model}, the model it lies in.", model=around))
    if operation.graph is not None and normalizes(inside(document, operation)):
        parts.append(several_inference_sentence())
    elif normalizes([operation]):
        if frozen:
            parts.append(
                tr("Frozen, it also runs in inference mode: it uses its moving mean and variance as they are.")
            )
        else:
            parts.append(tr("Freezing also makes it run in inference mode: it then uses its moving mean and variance."))
    elif frozen and not around:
        parts.append(tr("Training does not change its weights."))
    return " ".join(parts)


def several_inference_sentence() -> str:
    """For several layers of which some are BatchNormalization."""
    return tr("A frozen BatchNormalization also runs in inference mode, with its moving mean and variance.")
