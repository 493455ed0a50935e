"""Sentences that people read, in the language they chose.

The English sentence is the key; translations lie in ``resources/translations/<language>/*.json``.
The language is one setting of the whole process, like the locale, hence the module state.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from resources.plain import shown_text

LANGUAGES: Final = {"en": "English", "ko": "한국어"}
_FOLDER: Final = Path(__file__).parent / "translations"
_current: dict[str, str] = {}
_language = "en"


Facts: TypeAlias = "dict[str, str | int | float | Text]"  # what fills a sentence


class Text(msgspec.Struct, frozen=True):
    """A sentence that is put into words only when it is shown.

    ``template`` is the English sentence with named placeholders, ``args`` fills them; a value that is itself
    a ``Text`` is translated too.
    """

    template: str
    args: "dict[str, str | int | float | Text]" = {}  # without int, msgspec would read 5 as 5.0

    @staticmethod
    def of(template: str, /, **args: "str | float | Text") -> "Text":
        """The sentence ``template`` with its placeholders filled by ``args``."""
        return Text(template, args)

    def __str__(self) -> str:
        return filled(self.translated(), self.args)

    def translated(self) -> str:
        """The sentence in the current language with its placeholders in it."""
        return _current.get(self.template, self.template)

    def english(self) -> str:
        """The sentence in English, whatever language is chosen (for logs and comparisons)."""
        return _fill(self.template, self.args, lambda text: text.template)


def tr(template: str, **args: str | float | Text) -> str:
    """The sentence in the current language, with its named placeholders filled."""
    return filled(_current.get(template, template), args)


def filled(template: str, args: "Mapping[str, str | float | Text]") -> str:
    """``template``, which is in the current language, with its named placeholders filled.

    A template may come from a run folder or a worker that somebody else wrote. Whatever it is, nothing is raised and
    nothing but ``args`` is read: "{name}" is a placeholder where ``args`` has that name, and else it stays as it is.
    """
    return _fill(template, args, Text.translated, _with_particles if _language == "ko" else None)


_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_]\w{0,60})\}")
_DEEPEST: Final = 6  # sentences within sentences
_LONGEST: Final = 50_000  # characters, before which filling ends
_BIGGEST: Final = 10**30  # Python refuses to write out what is far larger


def _fill(
    template: str,
    args: "Mapping[str, str | float | Text]",
    template_of: "Callable[[Text], str]",
    finish: "Callable[[str], str] | None" = None,
    depth: int = 0,
) -> str:
    if not args:
        return shown_text(template, _LONGEST)
    values: dict[str, str] = {}
    parts, length, end = [], 0, 0
    for match in _PLACEHOLDER.finditer(template):
        name = match[1]
        if name not in args:
            continue
        if name not in values:
            values[name] = _shown(args[name], template_of, finish, depth)
        parts += [template[end : match.start()], values[name]]
        length += len(parts[-1]) + len(parts[-2])
        end = match.end()
        if length > _LONGEST:
            break
    text = shown_text("".join((*parts, template[end : end + _LONGEST])), _LONGEST)
    return finish(text) if finish is not None else text


def _shown(
    value: "str | float | Text",
    template_of: "Callable[[Text], str]",
    finish: "Callable[[str], str] | None",
    depth: int,
) -> str:
    if isinstance(value, Text):
        return _fill(template_of(value), value.args, template_of, finish, depth + 1) if depth < _DEEPEST else "…"
    if isinstance(value, int) and abs(value) > _BIGGEST:
        return "…"
    return str(value)


_PARTICLES: Final = re.compile(r"([가-힣0-9])([”’\"')\]]?)(은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로|\(이\))")
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
