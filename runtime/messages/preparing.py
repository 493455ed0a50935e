"""What the steps of columns learn from the training part of data, and what comes out of them."""

from resources.text import Text
from runtime.messages.parts import Message, Part
from runtime.spec import ColumnKind, DataSpec
from runtime.splits import SplitSpec


class Preparing(Part, frozen=True):
    """How the samples are found that train, of which steps learn; `truths` are the columns of all outputs."""

    split: SplitSpec = SplitSpec()
    truths: tuple[str, ...] = ()


class LearntStep(Part, frozen=True):
    """What one step has learnt: `numbers` by their names ("mean"), the first of many, and the most frequent `words`.

    `distinct` is how many different words there are, of which the vocabulary may hold fewer.
    """

    step: str
    numbers: tuple[tuple[str, tuple[float, ...]], ...] = ()
    words: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    size: int = 0
    distinct: int = 0


class PreparedColumn(Part, frozen=True):
    """A column behind its steps; `error` says why it does not come through, and then the rest says nothing.

    `samples` are left where a step drops some. `categories` are its words where words come out.
    """

    name: str
    shape: tuple[int, ...] = ()
    dtype: str = ""
    kind: ColumnKind = "number"
    samples: int = 0
    categories: tuple[str, ...] = ()
    steps: tuple[LearntStep, ...] = ()
    error: Text | None = None


class LearnData(Message, frozen=True):
    """What the steps of columns learn from the training part, and what comes out of them."""

    id: int
    data: DataSpec
    columns: tuple[str, ...]
    how: Preparing = Preparing()


class DataLearnt(Message, frozen=True):
    id: int
    columns: tuple[PreparedColumn, ...]
