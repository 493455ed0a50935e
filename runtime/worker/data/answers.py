"""Answers the desktop's questions about data. Free of Keras, so that they are answered beside it."""

from runtime.protocol import (
    CheckData,
    DataChecked,
    DataDescribed,
    DataPreviewed,
    DataProblem,
    DescribeData,
    PreviewData,
)
from runtime.worker.data.checks import check
from runtime.worker.data.source import DataError, Sources
from runtime.worker.data.view import describe, preview


def describe_data(message: DescribeData, sources: Sources) -> DataDescribed:
    """Raises DataError."""
    columns, samples, note = describe(sources.open(message.source))
    return DataDescribed(message.id, columns, samples, note)


def check_data(message: CheckData, sources: Sources) -> DataChecked:
    """A source that cannot be opened is a problem among others, not an error."""
    try:
        source = sources.open(message.source)
    except DataError as error:
        return DataChecked(message.id, (DataProblem("error", error.text, detail=error.detail),))
    found = check(source, message.bindings, message.inputs, message.outputs, message.validation_percent)
    return DataChecked(message.id, found)


def preview_data(message: PreviewData, sources: Sources) -> DataPreviewed:
    """Raises DataError."""
    source = sources.open(message.source)
    return DataPreviewed(message.id, preview(source, message.columns, message.count, message.first))
