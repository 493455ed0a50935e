"""What a script imports follows from what its functions use."""

import pytest

from resources.python_code import shared

PIECES = {name: text for name, text in vars(shared).items() if name.isupper() and isinstance(text, str)}


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ("def a():\n    return np.zeros(itertools.count())", ["import itertools", "import numpy as np"]),
        ("def a(decimal):\n    json = 1\n    return decimal, json, a.csv", []),
        ("def a(x: typing.Any = re.compile('')):\n    return lambda: x", ["import re", "import typing"]),
        ("def a():\n    return Image.open('x')", ["from PIL import Image, ImageOps"]),
        ("x = os.sep\nclass A:\n    y: datetime.date", ["import datetime", "import os"]),
    ],
)
def test_imports_follow_from_what_is_used(text: str, imports: list[str]) -> None:
    assert shared.imports_of([text]) == imports


def test_pieces_import_what_their_modules_do() -> None:
    found = {name: set(shared.imports_of([text])) for name, text in PIECES.items()}
    assert "import itertools" in found["LIST_FILES"] and "import wave" in found["READ_SOUNDS"]
    assert all(found[name] for name in PIECES)
    assert "import wave" not in found["LIST_FILES"]
