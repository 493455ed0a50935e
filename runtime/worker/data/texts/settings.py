"""What a project may say of how texts are read. An option that is None is found out."""

from __future__ import annotations

from typing import Any, Final

from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.worker.data.sample_files.settings import CLASSES, FLAT, LAYOUT_WORDS, NAMES, skip_setting

TEXTS, LABELS, LABEL_FIRST, LABEL_LAST = "texts", "labels", "label_first", "label_last"
OF_LINES: Final = (TEXTS, LABELS, LABEL_FIRST, LABEL_LAST)
OF_FOLDERS: Final = (CLASSES, NAMES, FLAT)
_WORDS: Final = {
    **LAYOUT_WORDS,
    TEXTS: Text("a text in each line"),
    LABELS: Text("a label in each line"),
    LABEL_FIRST: Text("a label, a tab and a text in each line"),
    LABEL_LAST: Text("a text, a tab and a label in each line"),
}


_words = words_of(_WORDS)


LAYOUT = Setting[str | None](
    "layout",
    Text("Layout"),
    Text(
        "What a folder says by its folders and names, or what stands in a line of a file. If you do not say, "
        "it is found by itself."
    ),
    "choice",
    None,
    order=10,
    section="option",
    choices=(*OF_FOLDERS, *OF_LINES),
    words=_words,
)
ENCODING = Setting[str | None](
    "encoding",
    Text("Encoding"),
    Text("Which bytes stand for which letters. A mark at the beginning of a file has the last word. If you do "
"not say, it is found by itself."),
    "choice",
    None,
    order=20,
    section="option",
    choices=(
        "utf-8", "utf-16", "utf-32", "cp949", "cp1252", "latin-1", "shift_jis", "euc_jp", "gb18030", "big5", "cp1251",
    ),
)  # fmt: skip
KEEP_EMPTY = Setting[bool](
    "keep_empty",
    Text("Keep empty texts"),
    Text("Files and lines without a letter are samples too. Otherwise they are left out."),
    "bool",
    False,
    order=30,
    section="option",
)
SKIP = skip_setting(
    Text("Skip unreadable texts"),
    Text("Texts that cannot be read are left out. Otherwise training does not start with them."),
    order=40,
)
SETTINGS: Final[tuple[Setting[Any], ...]] = (LAYOUT, ENCODING, KEEP_EMPTY, SKIP)
