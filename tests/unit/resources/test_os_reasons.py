"""Why the system refused something, in the language that people chose."""

import errno
import os
from pathlib import Path

import pytest

from resources.os_reasons import os_reason
from resources.regular_files import FileTooLargeError, NotRegularFileError
from resources.text import LANGUAGES, use_language


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "your share of the disk (quota) is used up"),
        (errno.EFBIG, "the file would be larger than the disk or your limits allow"),
        (errno.EMFILE, "too many files are open"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EACCES, "permission is denied"),
        (errno.ENOMEM, "there is not enough memory"),
        (errno.ESTALE, "the drive or the computer that has it does not answer"),
    ],
)
def test_each_cause_has_its_words(number: int, words: str) -> None:
    assert str(os_reason(OSError(number, os.strerror(number)))) == words


def test_every_reason_is_there_in_every_language() -> None:
    try:
        for language in LANGUAGES:
            use_language(language)
            said = str(os_reason(OSError(errno.ENOSPC, "No space left on device")))
            assert "No space" not in said and said
    finally:
        use_language("en")
    assert str(os_reason(OSError(errno.ENOSPC, "x"))) == "the disk is full"


def test_windows_own_numbers_come_first() -> None:
    error = PermissionError(errno.EACCES, "The process cannot access the file")
    error.winerror = 32  # type: ignore[attr-defined]
    assert str(os_reason(error)) == "another program uses it"


def test_what_nobody_knows_is_said_in_the_words_of_the_system() -> None:
    assert os_reason(OSError(errno.EPROTO, "Protocol error")) == "Protocol error"
    assert os_reason(OSError("strange")) == "strange"
    assert os_reason(OSError()) == "OSError"


def test_files_that_are_none_and_files_that_are_too_large() -> None:
    assert "a folder, a pipe" in str(os_reason(NotRegularFileError(None, "it is no regular file", "x")))
    assert str(os_reason(FileTooLargeError(Path("x"), 2**20))) == "it is larger than 1 MB"
