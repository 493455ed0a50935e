"""Words of other scripts in Latin letters, so that they can be read where only those are taken."""

import unicodedata
from typing import Final

_FIRST_SYLLABLE: Final = 0xAC00
_LAST_SYLLABLE: Final = 0xD7A3
_VOWELS: Final = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
)  # fmt: skip
_INITIALS: Final = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_FINALS: Final = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
)  # fmt: skip
# A final consonant is read as the beginning of a syllable that has none: 한국어 is hangugeo.
_CARRIED: Final = (
    "", "g", "kk", "ks", "n", "nj", "n", "d", "r", "lg", "lm", "lb", "ls", "lt", "lp", "r", "m", "b", "ps", "s", "ss",
    "ng", "j", "ch", "k", "t", "p", "",
)  # fmt: skip
_NIEUN: Final = 2  # the places of ㄴ, ㄹ, ㅁ and ㅇ among the initials; ㅇ has no sound there
_RIEUL: Final = 5
_MIEUM: Final = 6
_SILENT: Final = 11
_NASAL: Final = {"k": "ng", "t": "n", "p": "m"}  # how a final consonant sounds before one of the nose: 입력 is imnyeok
_LETTERS: Final = {
    "ß": "ss",
    "ẞ": "SS",
    "Æ": "AE",
    "æ": "ae",
    "Œ": "OE",
    "œ": "oe",
    "Ø": "O",
    "ø": "o",
    "Þ": "Th",
    "þ": "th",
}
_NAMED: Final = ("LATIN", "GREEK", "HIRAGANA", "KATAKANA")  # scripts whose letters are called as they are read


def romanized(text: str) -> str:
    """``text`` with Hangul, Kana, Greek and accented letters as ASCII; whatever else is not ASCII stays as it is.

    Hangul is written as in the Revised Romanization, without what only dictionaries know: 은닉층 is eunnikcheung.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(_latin(composed, place) for place in range(len(composed)))


def _latin(text: str, place: int) -> str:
    letter = text[place]
    if letter.isascii():
        return letter
    if _is_syllable(letter):
        return _syllable(letter, text[place - 1 : place], text[place + 1 : place + 2])
    if letter in _LETTERS:
        return _LETTERS[letter]
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain if plain.isascii() else _named(letter)


def _is_syllable(letter: str) -> bool:
    return len(letter) == 1 and _FIRST_SYLLABLE <= ord(letter) <= _LAST_SYLLABLE


def _syllable(letter: str, before: str, after: str) -> str:
    initial, vowel, final = _parts(letter)
    start, end = _INITIALS[initial], _FINALS[final]
    if _is_syllable(before):
        start = _beginning(initial, _FINALS[_parts(before)[2]])
    if _is_syllable(after):
        next_initial = _parts(after)[0]
        end = _CARRIED[final] if next_initial == _SILENT else _ending(end, next_initial)
    return start + _VOWELS[vowel] + end


def _beginning(initial: int, end_before: str) -> str:
    """How an initial sounds after the end of a syllable: 신라 is silla, 종류 is jongnyu."""
    if end_before == "l" and initial in (_NIEUN, _RIEUL):
        return "l"
    if initial == _RIEUL and end_before:
        return "l" if end_before == "n" else "n"
    return _INITIALS[initial]


def _ending(end: str, next_initial: int) -> str:
    if end == "n" and next_initial == _RIEUL:
        return "l"
    return _NASAL.get(end, end) if next_initial in (_NIEUN, _RIEUL, _MIEUM) else end


def _parts(letter: str) -> tuple[int, int, int]:
    """The places of a syllable's sounds in the lists of initials, vowels and finals."""
    rest, final = divmod(ord(letter) - _FIRST_SYLLABLE, 28)
    return (*divmod(rest, 21), final)


def _named(letter: str) -> str:
    """What Unicode calls the letter, where that is how it is read: α is alpha, か is ka."""
    words = unicodedata.name(letter, "").split()
    if not words or words[0] not in _NAMED or "LETTER" not in words:
        return letter
    letter_words = words[words.index("LETTER") + 1 :]
    sound = letter_words[letter_words.index("WITH") - 1 if "WITH" in letter_words else -1]
    if not sound.isalpha():
        return letter
    return sound if "CAPITAL" in words and len(sound) == 1 else sound.lower()
