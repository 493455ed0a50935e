"""A part of the samples that would be empty."""

from collections.abc import Iterator

from resources.text import Text
from resources.training.settings.split import GROUP, WAYS
from resources.training.settings.test_percent import SETTING as TEST_PERCENT
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT
from runtime.messages.checking import DataProblem, ProposedMend, SettingChange
from runtime.splits import SplitSpec
from runtime.worker.data.split import Parts


def check_parts(parts: Parts, split: SplitSpec, samples: int) -> Iterator[DataProblem]:
    """What people asked for and did not get."""
    if not samples:
        return  # that is told already
    if split.validation_percent and not (len(parts.validation) and len(parts.training)):
        yield _too_few(split, samples, split.validation_percent, is_test=False)
    elif split.test_percent and not (len(parts.test) and len(parts.training)):
        yield _too_few(split, samples, split.test_percent, is_test=True)
    elif not len(parts.training):
        yield DataProblem("error", Text("No sample is left to train on."), kind="split")


def _too_few(split: SplitSpec, samples: int, percent: float, *, is_test: bool) -> DataProblem:
    if split.way == GROUP:
        text = Text.of(
            "{column} has so few groups that the split {way} leaves a part without samples.",
            column=split.column,
            way=WAYS[GROUP],
        )
    elif is_test:
        text = Text.of(
            "{samples} samples are too few to keep {percent} % of them for the test.", samples=samples, percent=percent
        )
    else:
        text = Text.of(
            "{samples} samples are too few to keep {percent} % of them for validation.",
            samples=samples,
            percent=percent,
        )
    return DataProblem("error", text, kind="split", mend=_without(is_test=is_test))


def _without(*, is_test: bool) -> ProposedMend:
    key = TEST_PERCENT.key if is_test else VALIDATION_PERCENT.key
    words = Text("Keep none for the test") if is_test else Text("Train without validation")
    return ProposedMend(words, (SettingChange("data", (key,), 0),))
