"""Token ids that an Embedding has no row for: on a CPU they end training, on a GPU they silently read zeros."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.checking import DataProblem, Endpoint, Ids, ParameterChange, ProposedMend
from runtime.worker.data.blocks import blocks
from runtime.worker.data.source import Array, Source

MOST_ROWS: Final = 10_000_000  # more are proposed to nobody


def token_problem(source: Source, columns: Sequence[str], endpoint: Endpoint) -> DataProblem | None:
    """What is wrong with the first id that the Embedding behind an input does not have."""
    ids = endpoint.ids
    found = (_column_problem(source, column, endpoint.name, ids) for column in columns if ids is not None)
    return next((problem for problem in found if problem is not None), None)


def _column_problem(source: Source, column: str, target: str, ids: Ids) -> DataProblem | None:
    text, whole, lowest, highest = None, True, 0.0, 0.0
    for first, block in blocks(source, column):
        values = block.reshape(len(block), -1)
        fractions = values != np.floor(values)
        wrong = (values < 0) | (values >= ids.rows) | fractions
        if text is None and wrong.any():
            text = _sentence(source, column, target, ids, first, values, wrong)
        whole = whole and not fractions.any()
        if values.size:
            lowest, highest = min(lowest, float(values.min())), max(highest, float(values.max()))
    if text is None:
        return None
    mend = None
    if whole and lowest >= 0 and highest < MOST_ROWS:
        rows = int(highest) + 1
        words = Text.of("Give {layer} {count} rows", layer=ids.layer, count=rows)
        mend = ProposedMend(words, (ParameterChange(ids.layer, {"input_dim": rows}),))
    return DataProblem("error", text, target, column, kind="ids", mend=mend)


def _sentence(source: Source, column: str, target: str, ids: Ids, first: int, values: Array, wrong: Array) -> Text:
    row = int(np.argmax(wrong.any(axis=1)))
    return Text.of(
        "{file}: {column} is {value} at {place}, but the Embedding of {target} takes 0 to {last}.",
        file=source.title,
        column=column,
        value=values[row, int(np.argmax(wrong[row]))].item(),
        place=source.place(first + row),
        target=target,
        last=ids.rows - 1,
    )
