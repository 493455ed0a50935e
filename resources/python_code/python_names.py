"""What Python takes as a name, and how a text that is none stands within a sentence."""

import keyword
import unicodedata
from typing import Final

from resources.text import Text

_SHOWN: Final = 60


def is_python_name(text: str) -> bool:
    """Whether Python takes it as the name of a variable, an argument, a class or a module, and as it is written.

    Words of the language are no names, and those with two underscores in front belong to it.
    """
    if not text.isidentifier() or keyword.iskeyword(text) or text.startswith("__"):
        return False
    return unicodedata.normalize("NFKC", text) == text  # in which Python compares them


def no_name(text: str) -> Text:
    return Text("“{name}” is no name that Python takes.", {"name": shown(text)})


def shown(text: str, longest: int = _SHOWN) -> str:
    """Text of a file within a sentence: short, in one line."""
    plain = "".join(sign if sign.isprintable() else "·" for sign in text[: longest + 1])
    return plain if len(plain) <= longest else plain[:longest] + "…"
