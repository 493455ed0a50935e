"""What a project says of how a file is read: the declared options of its kind, each with a value that it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from resources.python_code.pieces import SourceError
from resources.text import Text
from resources.training.setting import SettingError
from runtime.data_kinds import DataKind
from runtime.spec import DataSource
from runtime.worker.data.source import DataError


def options_of(kind: DataKind, source: DataSource) -> dict[str, Any]:
    """The values of the kind's options by key. What the kind does not know is passed over. Raises DataError."""
    values = {setting.key: source.options.get(setting.key, setting.default) for setting in kind.options}
    for setting in kind.options:
        try:
            setting.check(values[setting.key])
        except SettingError as error:
            raise wrong_options(source, error.text) from error
    return values


def wrong_options(source: DataSource, reason: Text) -> DataError:
    return DataError(Text.of("The options of {file} are wrong: {reason}", file=Path(source.path).name, reason=reason))


@contextmanager
def told_by_exporters() -> Iterator[None]:
    """What is wrong with the options ends an export in the same words."""
    try:
        yield
    except DataError as error:
        raise SourceError(error.text) from error
