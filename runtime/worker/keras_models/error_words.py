"""The words of an exception, without what Keras and TensorFlow wrap around them."""

import re
from typing import Final

LONGEST: Final = 200  # characters of a reason that is shown; the whole text is kept beside it

_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")
_BOLD: Final = re.compile(r"\x1b\[1m(.*?)\x1b\[0m", re.DOTALL)
# Lines about where in a graph or a program something happened, and about what a layer was given.
_WHERE: Final = re.compile(
    r"Graph execution error|Detected at node|Detected unsupported|Exception encountered when calling|Traceback \("
    r"|File \"|<stack|\[\[|Arguments received by|Call arguments received|•|Stack trace|Hint:|During handling"
    r"|The above exception"
    r"|Errors may have originated|Input Source operations|Original stack trace|For debugging|Function call stack"
    r"|[\^~\-=\s]*$"
)
_FILE: Final = re.compile(r'\s*File "[^"]*", line \d+')
_INLINE: Final = [
    (re.compile(r"\{\{function_node [^}]*\}\}\s*"), ""),
    (re.compile(r"\s*\[\[\{\{node [^}]*\}\}\]\]"), ""),
    (re.compile(r"\s*\[Op:[^\]]*\](?: name:.*)?"), ""),
    (re.compile(r"\s*for '\{\{node [^']*' with input shapes: (?P<shapes>[^']*?)\.?$", re.MULTILINE), r": \g<shapes>"),
    (re.compile(r"\s*for '\{\{node [^']*'"), ""),
    (re.compile(r"\s*\{\{node (?:[^}]*/)?([^}/]*)\}\}"), r" \1"),
    (re.compile(r"\s*on /job:\S+(?: by allocator \w+)?"), ""),
    (re.compile(r"\s*\((?:\w[\w.>-]*/)*[\w.>-]+:\d+\)(?: = ?)?"), ""),  # a tensor of the graph
]
_ASSERTION: Final = re.compile(r"assertion failed: \[([^\]]*)\].*", re.DOTALL)


def message_of(error: BaseException) -> str:
    """`str(error)`, but of a KeyError what was said, not its repr."""
    if (
        isinstance(error, KeyError)
        and len(error.args) == 1
        and isinstance(error.args[0], str)
        and "\n" in str(error.args[0])
    ):
        return error.args[0]
    return str(error)


def core(message: str) -> str:
    """The message without the wrappings that Keras puts around it."""
    inner = _BOLD.search(message)
    words = (inner[1] if inner else message).rpartition("Exception encountered: ")[2]
    return _ANSI.sub("", words).strip()


def plain_words(message: str) -> str:
    """The first line that says something, as a part of a sentence: no names of nodes, no traces, no full stop."""
    lines: list[str] = []
    in_trace = False
    for line in core(message).splitlines():
        if _FILE.match(line):
            in_trace = True
        elif in_trace and (not line.strip() or line.startswith((" ", "\t"))):
            continue  # the line of code, and marks below it
        else:
            in_trace = False
            if line.strip() and not _WHERE.match(line.strip()):
                lines.append(line)
    words = lines[0] if lines else ""
    for pattern, instead in _INLINE:
        words = pattern.sub(instead, words)
    words = " ".join(_ASSERTION.sub(r"\1", words).split()).rstrip(".: ")
    return cut(words)


def cut(words: str) -> str:
    """The first sentence, and of a long one the beginning, up to a whole word."""
    sentence = re.split(r"(?<=[a-z)`'\"\]])\. (?=[A-Z])", words)[0].rstrip(". ")
    if len(sentence) <= LONGEST:
        return sentence
    return sentence[:LONGEST].rsplit(" ", 1)[0].rstrip(",;: ") + "…"
