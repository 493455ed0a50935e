"""How people write numbers, and what names the columns. Scripts hold this word by word.

(`resources/python_code/shared.py`)
"""

import re
import typing

CURRENCIES = "[$€£¥₩₹₽₺฿₴₪₦₱]|US[$]|R[$]|USD|EUR|GBP|JPY|KRW|CHF|원|円|元|kr|zł"
# Spaces fit in one place only: with two of ` *` side by side a field of spaces takes minutes.
NUMBER = re.compile(
    f"([+-]?)(?: *({CURRENCIES}))?(?: *([+-]))? *([0-9](?:[0-9.,' ]*[0-9.,'])?|[.,][0-9]+)"
    f"(?: *([eE][+-]?[0-9]+))?(?: *(%|{CURRENCIES}))? *"
)
# Other ways to write a sign: full width, spaces that do not break, minus signs, apostrophes,
# signs without width.
USUAL: dict[int, typing.Any] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
USUAL |= dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F, 0x3000), " ")
USUAL |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63, 0xFF0D), "-")
USUAL |= dict.fromkeys((0x2018, 0x2019, 0x02BC), "'")
USUAL |= {zero + digit: str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}  # Arabic
USUAL |= {0x66A: "%", 0x66B: ".", 0x66C: ","}
USUAL |= dict.fromkeys((0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF))


def looks_like_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: words above numbers, or new words above words."""
    first = [field.strip() for field in rows[0]]
    if any(is_number(field) for field in first) or not any(first):
        return False
    if len(rows) == 1 or any(is_number(field) for field in rows[1]):
        return True
    return len(set(first)) == len(first) and first != [field.strip() for field in rows[1]]


def column_names(header: list[str]) -> list[str]:
    """Every name once: "x", "x_2"; a column without a name is called by its number."""
    names: dict[str, int] = {}
    for index, title in enumerate(header):
        name = base = title.strip() or f"column_{index + 1}"
        while name in names:
            names[base] += 1
            name = f"{base}_{names[base]}"
        names[name] = 1
    return list(names)


def is_number(text: str) -> bool:
    """Whether it looks like a number in any form."""
    return NUMBER.fullmatch(usual(text)) is not None


def usual(text: str) -> str:
    """Return the text in usual signs."""
    text = text.strip()
    return text if text.isascii() else text.translate(USUAL).strip()
