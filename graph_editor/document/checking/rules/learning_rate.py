"""A learning rate that is no number: a project file may hold anything, and training would end with it."""

from collections.abc import Iterator, Mapping

from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import SetIn
from resources.text import Text
from resources.training.sections import OPTIMIZER, OPTIMIZER_TITLE
from resources.training.setting import SettingError
from resources.training.settings.learning_rate import SETTING as LEARNING_RATE

_USUAL = 0.001


def learning_rate(facts: ModelFacts) -> Iterator[Problem]:
    optimizer = facts.document.training.get(OPTIMIZER)
    config = optimizer.get("config") if isinstance(optimizer, Mapping) else None
    if not isinstance(config, Mapping) or LEARNING_RATE.key not in config:
        return
    value = config[LEARNING_RATE.key]
    if isinstance(value, Mapping):  # a schedule
        return
    try:
        LEARNING_RATE.check(value)
    except SettingError as error:
        mend = Mend(
            Text("Set the learning rate to {value}", {"value": _USUAL}),
            (SetIn("training", (OPTIMIZER, "config", LEARNING_RATE.key), _USUAL),),
        )
        yield Problem("error", error.text, kind="training.learning_rate", place=OPTIMIZER_TITLE, mend=mend)


RULE = learning_rate
