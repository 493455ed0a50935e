"""Files of texts: one text a file, or one a line. Scripts hold this word by word."""

import codecs

TEXT_ENDINGS = (".text", ".txt")
UNLABELLED = ("unlabeled", "unlabelled", "unsup", "unsupervised")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

FIRST_LINES = 1000  # tell what stands in a line


def encoding_of(data: bytes, encoding: str | None = None) -> str:
    """By the mark at the beginning; else `encoding`, or "utf-8" or "cp949", whichever fits."""
    for mark, marked in MARKS:
        if data.startswith(mark):
            return marked
    if encoding is not None:
        return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.end == len(data) and error.start else "cp949"  # cut in a letter
    return "utf-8"


def as_text(data: bytes, encoding: str | None = None) -> str:
    """Raises UnicodeError, and ValueError for what is no text."""
    text = data.decode(encoding_of(data, encoding))
    if "\0" in text:
        raise ValueError("it is no text")
    return text


def is_empty(data: bytes) -> bool:
    """Whether there is nothing in a file but a mark."""
    return not data or any(data == mark for mark, _ in MARKS)


def with_labels(files: list[str]) -> tuple[list[str], list[str]]:
    """Files, and those in folders of texts without a class, if there are others."""
    apart = [file for file in files if not {*UNLABELLED}.isdisjoint(file.lower().split("/")[:-1])]
    if len(apart) == len(files):
        return files, []
    left_out = set(apart)
    return [file for file in files if file not in left_out], apart


def lines_of(text: str, keep_empty: bool = False) -> list[str]:
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not lines[-1]:
        lines.pop()  # behind the last line
    return lines if keep_empty else [line for line in lines if line]


def read_lines(
    data: bytes, encoding: str | None = None, keep_empty: bool = False, skip: bool = False
) -> list[str]:
    """The lines of a file; `skip` leaves out those that cannot be decoded. Raises ValueError."""
    found = encoding_of(data, encoding)
    if not skip or found in ("utf-16", "utf-32"):
        return lines_of(as_text(data, encoding), keep_empty)
    readable = []
    for line in data.removeprefix(codecs.BOM_UTF8).split(b"\n"):
        try:
            readable.append(line.decode(found.removesuffix("-sig")))
        except UnicodeDecodeError:
            continue
    return lines_of("\n".join(readable), keep_empty)


def line_layout(lines: list[str]) -> str:
    """What the first lines look like.

    "texts", "labels", "label_first" (a label, a tab and a text) or "label_last" (a text, a tab and
    a label).
    """
    if few_and_short(lines):
        return "labels"
    if lines and all("\t" in line for line in lines):
        if few_and_short([line.partition("\t")[0] for line in lines]):
            return "label_first"
        if few_and_short([line.rpartition("\t")[2] for line in lines]):
            return "label_last"
    return "texts"


def few_and_short(words: list[str]) -> bool:
    """Whether they look like the names of classes."""
    different = set(words)
    few = len(different) <= max(2, min(100, len(words) // 4))
    return few and len(words) > len(different) and max(map(len, different)) <= 40


def split_line(line: str, layout: str) -> tuple[str, str]:
    """Label and text of a line; without a tab there is no label."""
    if layout == "labels":
        return line, ""
    if layout == "texts" or "\t" not in line:
        return "", line
    if layout == "label_first":
        label, _, text = line.partition("\t")
    else:
        text, _, label = line.rpartition("\t")
    return label, text
