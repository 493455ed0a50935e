"""Why the operating system refused something, as the end of a sentence, in the language that people chose.

Python's own words (`OSError.strerror`) are the system's: English or the system's language, and about calls ("No space
left on device"). A full disk, a quota, a lack of memory and a missing right are told apart here, and nowhere else.
"""

import errno
import os
from typing import Final

from resources.regular_files import FileTooLargeError, NotRegularFileError
from resources.text import Text

DISK_FULL: Final = Text("the disk is full")
QUOTA_FULL: Final = Text("your share of the disk (quota) is used up")
TOO_LARGE: Final = Text("the file would be larger than the disk or your limits allow")
TOO_MANY_OPEN: Final = Text("too many files are open")
NO_MEMORY: Final = Text("there is not enough memory")
_NO_FILE: Final = Text("it is no file of its own, but a folder, a pipe or a device")
_NO_RIGHT: Final = Text("permission is denied")
_IN_USE: Final = Text("another program uses it")
_NETWORK: Final = Text("the drive or the computer that has it does not answer")

_BY_NAME: Final = {
    "ENOSPC": DISK_FULL,
    "EDQUOT": QUOTA_FULL,
    "EFBIG": TOO_LARGE,
    "EMFILE": TOO_MANY_OPEN,
    "ENFILE": TOO_MANY_OPEN,
    "ENOMEM": NO_MEMORY,
    "EACCES": _NO_RIGHT,
    "EPERM": _NO_RIGHT,
    "EROFS": Text("the disk can only be read"),
    "ENOENT": Text("there is no such file or folder"),
    "ENOTDIR": Text("a part of its path is no folder"),
    "EISDIR": _NO_FILE,
    "EEXIST": Text("there is something of this name already"),
    "ENOTEMPTY": Text("the folder is not empty"),
    "ENAMETOOLONG": Text("the name is too long"),
    "EINVAL": Text("no file can have this name"),
    "ELOOP": Text("its links lead in a circle"),
    "EBUSY": _IN_USE,
    "ETXTBSY": _IN_USE,
    "EIO": Text("the disk reports an error"),
    "ESTALE": _NETWORK,
    "ENETDOWN": _NETWORK,
    "ENETUNREACH": _NETWORK,
    "EHOSTDOWN": _NETWORK,
    "EHOSTUNREACH": _NETWORK,
    "ENOTCONN": _NETWORK,
    "ECONNREFUSED": _NETWORK,
    "ECONNRESET": _NETWORK,
    "ETIMEDOUT": _NETWORK,
}
_BY_NUMBER: Final = {getattr(errno, name): text for name, text in _BY_NAME.items() if hasattr(errno, name)}
# Windows' own numbers, which Python translates in part only.
_BY_WINDOWS: Final = {
    8: NO_MEMORY,
    14: NO_MEMORY,
    19: Text("the disk can only be read"),
    32: _IN_USE,
    33: _IN_USE,
    39: DISK_FULL,
    112: DISK_FULL,
    1295: QUOTA_FULL,
    1455: NO_MEMORY,
}


def os_reason(error: OSError) -> str | Text:
    """Why something could not be read, written, started or reached."""
    if isinstance(error, NotRegularFileError):
        return _NO_FILE
    if isinstance(error, FileTooLargeError):
        return Text("it is larger than {megabytes} MB", {"megabytes": f"{error.limit / 2**20:,.0f}"})
    windows = getattr(error, "winerror", None)
    if windows in _BY_WINDOWS:
        return _BY_WINDOWS[windows]
    known = None if error.errno is None else _BY_NUMBER.get(error.errno)
    return known or error.strerror or str(error) or type(error).__name__


def os_reason_of_number(number: int) -> str | Text:
    """The same for a bare `errno`, as libraries write it into their messages."""
    return _BY_NUMBER.get(number) or os.strerror(number)
