"""What the values of settings are called for people, where they are not Keras' own words, names or signs."""

from collections.abc import Callable, Mapping

from resources.text import Text
from resources.training.setting import FOUND_OUT


def words_of(texts: Mapping[str, Text], none: Text = FOUND_OUT) -> Callable[[str | None], Text]:
    """The `words` of a setting with these choices; `none` is what no value is called."""

    def words(value: str | None) -> Text:
        return none if value is None else texts[value]

    return words
