"""Sentences that people read, in the language they chose.

The English sentence is the key; translations lie in ``resources/translations/<language>/*.json``.
The language is one setting of the whole process, like the locale, hence the module state.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

LANGUAGES: Final = {"en": "English", "ko": "한국어"}
_FOLDER: Final = Path(__file__).parent / "translations"
_current: dict[str, str] = {}
_language = "en"


class Text(msgspec.Struct, frozen=True):
    """A sentence that is put into words only when it is shown.

    ``template`` is the English sentence with named placeholders, ``args`` fills them; a value that is itself
    a ``Text`` is translated too.
    """

    template: str
    args: "dict[str, str | int | float | Text]" = {}  # without int, msgspec would read 5 as 5.0

    def __str__(self) -> str:
        return filled(self.translated(), self.args)

    def translated(self) -> str:
        """The sentence in the current language with its placeholders in it."""
        return _current.get(self.template, self.template)

    def english(self) -> str:
        """The sentence in English, whatever language is chosen (for logs and comparisons)."""
        values = {key: value.english() if isinstance(value, Text) else value for key, value in self.args.items()}
        return _fill(self.template, values)


def tr(template: str, **args: str | float | Text) -> str:
    """The sentence in the current language, with its named placeholders filled."""
    return filled(_current.get(template, template), args)


def filled(template: str, args: "Mapping[str, str | float | Text]") -> str:
    """``template``, which is in the current language, with its named placeholders filled."""
    if not args:
        return template
    text = _fill(template, args)
    return _with_particles(text) if _language == "ko" else text


def _fill(template: str, args: "Mapping[str, str | float | Text]") -> str:
    return template.format(**args) if args else template


_PARTICLES: Final = re.compile(r"([가-힣0-9])([”’\"')\]]?)(은\(는\)|이\(가\)|을\(를\)|\(으\)로|\(이\))")
_CLOSED_DIGITS: Final = "013678"  # 영 일 삼 육 칠 팔 end in a consonant


def _with_particles(text: str) -> str:
    """Korean particles as the word before them asks; after Latin letters both forms stay, as is usual."""
    return _PARTICLES.sub(lambda match: match[1] + match[2] + _particle(match[1], match[3]), text)


def _particle(before: str, both: str) -> str:
    code = ord(before) - ord("가")
    closed = code % 28 != 0 if code >= 0 else before in _CLOSED_DIGITS
    if both == "(으)로":
        ends_in_l = code % 28 == 8 if code >= 0 else before in "178"
        return "으로" if closed and not ends_in_l else "로"
    if both == "(이)":
        return "이" if closed else ""
    return both[0] if closed else both[2]


def language() -> str:
    return _language


def use_language(code: str) -> None:
    """Show everything in the language ``code`` from now on; unknown codes mean English."""
    global _current, _language
    _current = read_translations(code)
    _language = code if code in LANGUAGES else "en"


def read_translations(code: str) -> dict[str, str]:
    """English sentence -> translation, merged over all files of the language."""
    merged: dict[str, str] = {}
    for path in sorted((_FOLDER / code).glob("*.json")):
        merged.update(json.loads(path.read_text("utf-8")))
    return merged
