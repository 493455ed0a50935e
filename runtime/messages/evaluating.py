"""Evaluating a trained model on data, and asking about what came of it.

An evaluation lies in a folder of its own: it is there at once the next time.
"""

from typing import Literal

import msgspec

from resources.text import Text
from runtime.messages.parts import Message, Part
from runtime.messages.trained import On, Trained
from runtime.messages.views import OutputFigures, OutputKind, Samples, Table
from runtime.spec import CodeFile

Order = Literal["confident_wrong", "unsure_right", "worst", "best", "row"]


class Condition(Part, frozen=True):
    """A condition on a column: "site" "=" "B". Numbers are compared as numbers, words and texts as they are written."""

    column: str
    compare: Literal["=", "!=", "<", "<=", ">", ">="]
    value: str | float


class Evaluate(Message, frozen=True):
    """Ask for `Model.evaluate` and all figures. Results go into a new folder in `into`, "" for the run's own.

    `kinds` says by output what people want it looked at as, in place of what is suggested.
    """

    id: int
    trained: Trained
    on: On = On()
    kinds: dict[str, OutputKind] = msgspec.field(default_factory=dict)
    into: str = ""


class EvaluationFile(Part, frozen=True):
    """What `result.json` of an evaluation holds. `metrics` are what `Model.evaluate` returns, by Keras' names.

    `samples` were evaluated; `labelled` is False where there was no truth, and then there are predictions only.
    `weights` and `data` are names for people; `created` is in seconds since 1970, `seconds` what predicting took.
    `marks` stand for what columns held, by name (`runtime/worker/evaluation/measuring/same_samples.py`); evaluations of
    an older Lamella have none.
    """

    trained: Trained
    on: On
    created: float
    samples: int
    labelled: bool
    metrics: dict[str, float | None]
    outputs: tuple[OutputFigures, ...]
    seconds: float = 0.0
    notes: tuple[Text, ...] = ()
    weights: str = ""
    data: str = ""
    marks: dict[str, str] = msgspec.field(default_factory=dict)
    format_version: int = 1


class MistakesFile(Part, frozen=True):
    """What `mistakes.json` of an evaluation holds: of each output with a truth, by its name, what it got wrong worst.

    Of classes these are wrong samples, the most confident first; of numbers and pictures those with the largest errors.
    """

    outputs: dict[str, Samples]
    format_version: int = 1


class Evaluated(Message, frozen=True):
    """`folder` holds the evaluation."""

    id: int
    folder: str
    evaluation: EvaluationFile


class ListSamples(Message, frozen=True):
    """Samples of an evaluation with their predictions, and pictures `size` pixels long at most.

    Only those of class `truth` that were taken for `predicted` (numbers of classes; None: any), of which `wrong` asks
    for the wrong ones only, and for which all conditions hold. `agreed`: as in Trained.
    """

    id: int
    folder: str
    output: str
    order: Order = "confident_wrong"
    truth: int | None = None
    predicted: int | None = None
    wrong: bool | None = None
    where: tuple[Condition, ...] = ()
    rows: tuple[int, ...] = ()  # these only, in this order, where there are any
    first: int = 0
    count: int = 60
    size: int = 96
    agreed: tuple[CodeFile, ...] = ()
    path: str = ""  # write all of them into this CSV file, too


class SamplesListed(Message, frozen=True):
    """`notes` say what is missing, as pictures of data that is gone."""

    id: int
    samples: Samples
    notes: tuple[Text, ...] = ()


class Slice(Message, frozen=True):
    """The leading figures of an evaluation for conditions (each tuple: all must hold), the worst first.

    Without `slices`, those are proposed that the columns suggest: each value of a class column, quarters of a number.
    """

    id: int
    folder: str
    output: str
    slices: tuple[tuple[Condition, ...], ...] = ()
    agreed: tuple[CodeFile, ...] = ()


class SliceRow(Part, frozen=True):
    """`values` go with the columns of the answer; they are None for an empty slice."""

    where: tuple[Condition, ...]
    samples: int
    values: tuple[float | None, ...]


class Sliced(Message, frozen=True):
    """`by` is the figure by which the worst come first; `whole` has the figures of all samples.

    `columns` are keys of the leading figures, as the evaluation has them (`Number.key`).
    """

    id: int
    columns: tuple[str, ...]
    by: str
    whole: tuple[float | None, ...]
    rows: tuple[SliceRow, ...]
    notes: tuple[Text, ...] = ()


class CompareEvaluations(Message, frozen=True):
    """Two evaluations of the same data: which samples one gets right and the other wrong."""

    id: int
    first: str
    second: str
    output: str


class EvaluationsCompared(Message, frozen=True):
    """`only_first`: rows of the first that it gets right and the second wrong; both have the same samples.

    `p` is McNemar's (exact binomial test), None where no sample tells them apart. Not `judged`: what comes out is
    neither right nor wrong, as numbers are, and there are `metrics` alone. In these the first cell is the key of a
    figure, or Keras' name of a metric.
    """

    id: int
    both_right: int
    only_first: tuple[int, ...]
    only_second: tuple[int, ...]
    both_wrong: int
    p: float | None
    metrics: Table
    judged: bool = True
    notes: tuple[Text, ...] = ()


class Predict(Message, frozen=True):
    """Predictions of all samples into the file `path` (`.csv`, `.parquet` or `.npz`), which is overwritten."""

    id: int
    trained: Trained
    on: On
    path: str


class Predicted(Message, frozen=True):
    id: int
    path: str
    samples: int
    notes: tuple[Text, ...] = ()
