"""What can be chosen in the options of data and in steps has a name in people's language, and so has no choice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from resources.text import use_language
from resources.training.setting import Setting
from runtime.data_kinds import data_kinds
from runtime.step_kinds import step_kinds

OPTIONS = [(f"{kind.key}.{one.key}", one) for kind in data_kinds() for one in kind.options]
STEPS = [(f"{kind.key}.{one.key}", one) for kind in step_kinds() for one in kind.settings]
NAMES = {"known.name", "text.encoding"}  # of sets and of encodings: the same in all languages


@pytest.mark.parametrize(("name", "setting"), [*OPTIONS, *STEPS], ids=lambda one: one if isinstance(one, str) else "")
def test_each_choice_has_words(name: str, setting: Setting[Any]) -> None:
    assert setting.words is not None or not setting.choices or name in NAMES, (
        "give it `words`, as `words_of` makes them"
    )
    told = [setting.text_of(choice) for choice in setting.choices]
    assert len(set(told)) == len(told), "two that are called the same"


def test_an_option_without_a_value_is_found_out_unless_it_says_otherwise() -> None:
    told = {name: setting.text_of(None) for name, setting in [*OPTIONS, *STEPS] if setting.default is None}
    assert told["csv.header"] == told["csv.delimiter"] == told["pictures.height"] == "found out"
    assert (
        told["csv.comment"] == told["csv.dates"] == told["sqlite.query"] == told["text_vectorization.ngrams"] == "none"
    )
    assert told["excel.area"] == "all cells" and told["string_lookup.max_tokens"] == "all"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_help_says_what_it_means_to_leave_an_option_open(language: str) -> None:
    """As a person sees the field: empty, or with nothing chosen. "None" is how Python calls it."""
    empty, open_ = {"en": ("Empty:", "If you do not say"), "ko": ("비워 두면", "정하지 않으면")}[language]
    use_language(language)
    try:
        for name, setting in [*OPTIONS, *STEPS]:
            told = str(setting.help)
            assert not re.search(r"\bNone\b", told), name
            if setting.default is None:
                assert (open_ if setting.kind in ("choice", "bool") else empty) in told, f"{name}: {told}"
    finally:
        use_language("en")
