"""Runs files of custom code: those bytes whose hash somebody has agreed to, and no others.

This happens in engine and trainer processes only. Nothing is loaded on behalf of a config: what is not registered by
code that was loaded here stays refused (see allow.py).
"""

import hashlib
import keyword
import linecache
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from resources.os_reasons import os_reason
from resources.regular_files import FileTooLargeError, read_regular
from resources.text import Text
from runtime.messages.custom_code import CodeObject, CodeProblem
from runtime.spec import CodeFile
from runtime.worker.custom.describe import describe
from runtime.worker.custom.package import PACKAGE
from runtime.worker.custom.registry import forget_custom
from runtime.worker.process.control import WorkerError

MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    objects: tuple[CodeObject, ...]
    problems: tuple[CodeProblem, ...]


def load_code(files: Sequence[CodeFile]) -> Loaded:
    """Runs the files in their order, each as a module of its own; a broken one does not hinder the others.

    What was loaded before is forgotten first. A later file finds an earlier one by `from .earlier import name`.
    """
    forget_custom()
    package = ModuleType(PACKAGE)
    package.__path__ = []
    sys.modules[PACKAGE] = package
    problems: list[CodeProblem] = []
    modules: list[tuple[ModuleType, str]] = []
    for file in files:
        try:
            modules.append((_run(file), file.path))
        except _BadCodeError as error:
            problems.append(error.problem)
    objects, warnings = describe(modules)
    return Loaded(objects, (*problems, *warnings))


def require_code(files: Sequence[CodeFile]) -> None:
    """Runs the files; WorkerError with what is wrong with the first broken one."""
    if not files:
        return
    for problem in load_code(files).problems:
        if problem.severity == "error":
            raise WorkerError(problem.text, problem.detail)


class _BadCodeError(Exception):
    def __init__(self, file: CodeFile, text: Text, line: int = 0, detail: str = "") -> None:
        super().__init__(text.english())
        self.problem = CodeProblem(file.path, text, line, "error", detail)


def _run(file: CodeFile) -> ModuleType:
    source, stem = _read(file), Path(file.path).stem
    name = f"{PACKAGE}.{stem}"
    file_name = Path(file.path).name
    if not stem.isidentifier() or keyword.iskeyword(stem):
        raise _BadCodeError(
            file, Text.of("{file} needs a name that Python can import: letters, digits and _.", file=file_name)
        )
    if name in sys.modules:
        raise _BadCodeError(file, Text.of("Two files of the project's code are called {file}.", file=file_name))
    try:
        code = compile(source, file.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = (error.lineno or 0) if isinstance(error, SyntaxError) else 0
        why = error.msg if isinstance(error, SyntaxError) else str(error)
        text = Text.of("{file}, line {line}: this is not Python ({reason}).", file=file_name, line=line, reason=why)
        raise _BadCodeError(file, text, line, traceback.format_exc(limit=0)) from error
    module = ModuleType(name)
    module.__file__, module.__package__ = file.path, PACKAGE
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[file.path] = (len(source), None, lines, file.path)  # tracebacks show what ran, not what is there
    sys.modules[name] = module
    try:
        exec(code, module.__dict__)  # somebody has agreed to these very bytes
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, KeyboardInterrupt):
            raise
        raise _failure(file, error) from error
    setattr(sys.modules[PACKAGE], stem, module)
    return module


def _read(file: CodeFile) -> bytes:
    """The bytes that were agreed to; they are read once."""
    path = Path(file.path)
    try:
        source = read_regular(path, MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError) as error:
        text = Text.of("{file} is not there: the project's code was not run.", file=path.name)
        raise _BadCodeError(file, text) from error
    except FileTooLargeError:
        source = b""
    except OSError as error:
        raise _BadCodeError(
            file, Text.of("{file} could not be read: {reason}.", file=path.name, reason=os_reason(error))
        ) from error
    if hashlib.sha256(source).hexdigest() != file.sha256:
        text = Text.of("{file} is not what you agreed to run: it has changed since, and was not run.", file=path.name)
        raise _BadCodeError(file, text)
    return source


def _failure(file: CodeFile, error: BaseException) -> _BadCodeError:
    """Return where in the file it happened, and what."""
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file.path]
    message = " ".join(str(error).split())[:300]
    reason = f"{type(error).__name__}: {message}" if message else type(error).__name__
    text = Text.of(
        "{file}, line {line}: {reason}", file=Path(file.path).name, line=lines[-1] if lines else 0, reason=reason
    )
    return _BadCodeError(file, text, lines[-1] if lines else 0, "".join(traceback.format_exception(error)))
