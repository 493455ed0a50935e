"""Answers the desktop's questions about data. Free of Keras, so that they are answered beside it."""

from collections.abc import Callable
from pathlib import Path

from runtime.messages.checking import CheckData, DataChecked, DataProblem
from runtime.messages.describing import DataCandidate, DataDescribed, DataRecognized, DescribeData, RecognizeData
from runtime.messages.looking import CountWindows, DataPreviewed, PreviewData, WindowsCounted
from runtime.messages.preparing import DataLearnt, LearnData, Preparing
from runtime.messages.profiling import DataProfiled, ProfileData
from runtime.worker.data.answering.learnt import learnt_column
from runtime.worker.data.answering.view import describe, preview
from runtime.worker.data.augmenting.check import augmentation_problems
from runtime.worker.data.checks import checked
from runtime.worker.data.gaps import with_gap_mends
from runtime.worker.data.opening import Sources
from runtime.worker.data.profile.profiles import profiles
from runtime.worker.data.recognising.recognise import recognise
from runtime.worker.data.source import DataError
from runtime.worker.data.split import own_counts, truth_columns
from runtime.worker.data.stamps import stamps_of
from runtime.worker.data.values import WORDS
from runtime.worker.data.windowed import windowed
from runtime.worker.data.words_inside import KIND as WORDS_INSIDE
from runtime.worker.data.words_inside import holds_words, words_refusal


def recognize_data(message: RecognizeData) -> DataRecognized:
    """Raises DataError."""
    best, *others = (
        DataCandidate(kind.key, found.what, found.options) for kind, found in recognise(Path(message.path))
    )
    return DataRecognized(message.id, best.kind, best.what, best.options, tuple(others))


def describe_data(message: DescribeData, sources: Sources) -> DataDescribed:
    """Raises DataError."""
    stamps = stamps_of(message.data)  # before anything is read: what changes meanwhile is told
    source = sources.as_it_comes(message.data)
    columns, samples, note = describe(source)
    return DataDescribed(message.id, columns, samples, note, stamps, own_counts(source, samples))


def check_data(message: CheckData, sources: Sources, waits: Callable[[], bool]) -> DataChecked:
    """A source that cannot be opened is a problem among others, not an error."""
    try:
        outputs = {endpoint.name for endpoint in message.outputs}
        truths = truth_columns(binding.columns for binding in message.bindings if binding.target in outputs)
        source = windowed(sources.prepared(message.data, Preparing(message.split, truths), waits), message.data.windows)
    except DataError as error:
        return DataChecked(message.id, (DataProblem("error", error.text, detail=error.detail),))
    found = checked(source, message.bindings, message.inputs, message.outputs, message.split)
    odd = augmentation_problems(message.data, source, found.fits)
    refused = []
    if not holds_words():
        refused = [
            DataProblem("error", words_refusal(end.name), end.name, kind=WORDS_INSIDE)
            for end in message.inputs
            if end.dtype == WORDS
        ]
    problems = with_gap_mends(found.problems, source, message)
    return DataChecked(message.id, (*refused, *problems, *odd), found.counts)


def preview_data(message: PreviewData, sources: Sources, waits: Callable[[], bool]) -> DataPreviewed:
    """Raises DataError, and CancelledError when nobody waits any more."""
    how = message.how
    source = sources.as_it_comes(message.data) if how is None else sources.prepared(message.data, how, waits)
    return DataPreviewed(message.id, preview(source, message))


def count_windows(message: CountWindows, sources: Sources) -> WindowsCounted:
    """Raises DataError."""
    rows = sources.as_it_comes(message.data)
    count = max((rows.shape(name)[0] for name in rows.names()), default=0)
    source = windowed(rows, message.data.windows)
    windows = max((source.shape(name)[0] for name in source.names()), default=0)
    return WindowsCounted(message.id, windows, count)


def learn_data(message: LearnData, sources: Sources, waits: Callable[[], bool]) -> DataLearnt:
    """Raises DataError where there is no data, and CancelledError when nobody waits any more."""
    source = sources.prepared(message.data, message.how, waits)
    return DataLearnt(message.id, tuple(learnt_column(source, name) for name in message.columns))


def profile_data(message: ProfileData, sources: Sources, waits: Callable[[], bool]) -> DataProfiled:
    """Raises DataError, and CancelledError when nobody waits any more."""
    source = sources.as_it_comes(message.data)
    return DataProfiled(message.id, profiles(source, message.columns, message.target, waits))
