"""A trained model, the samples it is asked about, and single samples that people give it."""

from typing import Literal

import msgspec

from runtime.messages.parts import Part
from runtime.spec import CodeFile, DataSpec, RunSpec

PartName = Literal["training", "validation", "test", "all"]


class Trained(Part, frozen=True):
    """A model with weights.

    `folder` is that of its run, whose `run.json` says what it is; "" for a model without one, which `spec` describes.
    `weights` is a `.keras`, `.weights.h5` or `.h5` file. `agreed` are the files of own code that a person has agreed to
    run: a run that needs others is refused.
    """

    folder: str
    weights: str
    spec: RunSpec | None = None
    agreed: tuple[CodeFile, ...] = ()
    device: str = "cpu"
    batch_size: int = 32


class On(Part, frozen=True):
    """Which samples: a part of the data of the run, or all samples of `other` data with the same columns."""

    part: PartName = "validation"
    other: DataSpec | None = None


class GivenTensor(Part, frozen=True):
    """Numbers in C order and little endian; `dtype` is NumPy's name."""

    shape: tuple[int, ...]
    dtype: str
    data: bytes


class GivenValue(Part, frozen=True):
    """One value of one column as a person gives it: exactly one field is set.

    `text` is for texts and words (also of classes), `file` the bytes of a picture or sound file in any format that data
    may have, `tensor` what is there already as numbers.
    """

    number: float | None = None
    text: str | None = None
    file: bytes | None = None
    tensor: GivenTensor | None = None


class OneSample(Part, frozen=True):
    """A sample: `row` of `on`, counted from 0 within that part, or what `values` say of columns, or both.

    With both, `values` stand in place of what the row has in these columns.
    """

    on: On | None = None
    row: int = 0
    values: dict[str, GivenValue] = msgspec.field(default_factory=dict)
