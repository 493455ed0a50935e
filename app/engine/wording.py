"""How shapes and counts are written in panels."""

from collections.abc import Sequence

from resources.text import tr
from runtime.advice.estimates import Estimate
from runtime.messages.inference import CallResult

_TIMES = "\N{MULTIPLICATION SIGN}"


def shape_text(shape: Sequence[int | None]) -> str:
    """The shape of one sample, without the batch axis: "8×8×96", "?" for an axis of any length."""
    axes = list(shape)[1:]
    if not axes:
        return tr("scalar")
    return _TIMES.join("?" if axis is None else str(axis) for axis in axes)


def count_text(count: int) -> str:
    return f"{count:,}"


def bytes_text(size: float) -> str:
    """An amount of memory as Keras' summary writes it: "38 MB", in steps of 1,024."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 999.5:
            return _rounded(size, unit)
        size /= 1024
    return _rounded(size, "TB")


def operations_text(count: float) -> str:
    """A number of floating point operations: "1.2 MFLOPs"."""
    for unit in ("FLOPs", "kFLOPs", "MFLOPs", "GFLOPs"):
        if count < 999.5:
            return _rounded(count, unit)
        count /= 1000
    return _rounded(count, "TFLOPs")


def cost_sentence(result: CallResult) -> str:
    """Return what one call costs for one sample, as far as it is known."""
    if result.flops is None or result.activation_bytes is None:
        return tr("What it costs is known once all sizes are.")
    return tr(
        "For one sample: {work} forward, {memory} of outputs.",
        work=operations_text(result.flops),
        memory=bytes_text(result.activation_bytes),
    )


def memory_sentence(estimate: Estimate) -> str:
    """Return what the memory of a training run is made of."""
    sentence = tr(
        "Estimated for training: weights {weights}, gradients {gradients}, optimizer {optimizer}, activations "
        "{activations}.",
        weights=bytes_text(estimate.weights),
        gradients=bytes_text(estimate.gradients),
        optimizer=bytes_text(estimate.optimizer),
        activations=bytes_text(estimate.activations),
    )
    return f"{sentence} {partial_sentence()}" if estimate.partial else sentence


def partial_sentence() -> str:
    return tr("Layers whose sizes are not known yet are not counted.")


def _rounded(value: float, unit: str) -> str:
    digits = 1 if value < 9.95 and round(value, 1) != round(value) else 0
    return f"{value:,.{digits}f} {unit}"
