"""Training settings on the command line: `--set NAME=VALUE`, and an option of its own for a few of them."""

import argparse
import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

import msgspec

from app.cli.common.output import say
from resources.text import tr
from resources.training.registry import applying, find_setting, settings
from resources.training.setting import Setting, SettingError
from runtime.callback_specs import callback_specs, find_callback
from runtime.spec import TrainingSettings

_DEST = "settings"
_NAMES = 20  # columns for the names in the help
_METAVARS = {"int": "N", "float": "X"}


def add_setting_arguments(parser: argparse.ArgumentParser) -> None:
    """`args.settings` maps the keys that are given to their values."""
    for setting in settings():
        if setting.option:
            parser.add_argument(
                f"--{setting.key.replace('_', '-')}",
                dest=_DEST, default={}, action=_Choose, type=_value_of(setting),
                help=str(setting.help).replace("%", "%%"),  # argparse fills it in
                metavar=_METAVARS.get(setting.kind, setting.key.upper()),
            )  # fmt: skip
    parser.add_argument(
        "--set",
        dest=_DEST, default={}, action=_Choose, type=_named_value, metavar="NAME=VALUE",
        help=tr("train with another value of a setting; may be given several times"),
    )  # fmt: skip
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join([tr("Settings, which are those of the project unless they are given here:"), *_listed()])


def with_settings(training: TrainingSettings, values: Mapping[str, Any]) -> TrainingSettings:
    """The settings of a run with what the command line says differently."""
    given = [(setting, values[setting.key]) for setting in settings() if setting.key in values]
    fields = {setting.key: value for setting, value in given if setting.section != "optimizer"}
    arguments = {setting.key: value for setting, value in given if setting.section == "optimizer"}
    config = {name: value for name, value in (training.optimizer.config | arguments).items() if value is not None}
    optimizer = msgspec.structs.replace(training.optimizer, config=config) if arguments else training.optimizer
    changed = msgspec.structs.replace(training, optimizer=optimizer, **fields)
    changed = msgspec.structs.replace(changed, callbacks=with_arguments(training.callbacks, values))
    idle = [setting for setting, _ in given if setting.section != "optimizer" and not _applies(setting, changed)]
    for setting in idle:
        say(tr("The setting {setting} does nothing with these other settings.", setting=setting.title))
    return changed


def with_arguments(callbacks: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The callbacks with the arguments that were given as CALLBACK.ARGUMENT, which switches a callback on."""
    changed = dict(callbacks)
    for name, value in values.items():
        key, dot, argument = name.partition(".")
        if dot:
            held = changed.get(key)
            changed[key] = {**(held if isinstance(held, Mapping) else {}), argument: value}
    return changed


def _applies(setting: Setting[Any], training: TrainingSettings) -> bool:
    return any(other.key == setting.key for other in applying(training.by_key()))


def _listed() -> list[str]:
    width = max(40, shutil.get_terminal_size().columns - 2)
    lines: list[str] = []
    for setting in settings():
        about = f"{setting.help} ({setting.allowed})"
        wide = sum(east_asian_width(sign) == "W" for sign in about) / len(about)  # Hangul takes two columns
        wrapped = textwrap.wrap(about, int((width - _NAMES - 2) / (1 + wide)), break_on_hyphens=False)
        lines += [f"  {setting.key:{_NAMES}}{wrapped[0]}", *(" " * (_NAMES + 2) + line for line in wrapped[1:])]
    lines += ["", tr("Arguments of callbacks, which switch them on:")]
    for spec in callback_specs():
        names = ", ".join(f"{spec.key}.{parameter.name}" for parameter in spec.parameters)
        lines += textwrap.wrap(names, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return lines


class _Choose(argparse.Action):
    """The last value that is given for a setting is the one."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        assert isinstance(values, tuple)
        key, value = values
        setattr(namespace, self.dest, {**getattr(namespace, self.dest), key: value})


def _value_of(setting: Setting[Any]) -> Callable[[str], tuple[str, Any]]:
    def read(typed: str) -> tuple[str, Any]:
        try:
            return setting.key, setting.parse(typed)
        except SettingError as error:
            raise argparse.ArgumentTypeError(str(error.text)) from error

    return read


def _named_value(typed: str) -> tuple[str, Any]:
    key, sign, value = typed.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(tr("Write NAME=VALUE, such as {example}.", example="epochs=20"))
    name, dot, argument = key.strip().partition(".")
    if dot:
        return _argument_of(name, argument, value)
    setting = find_setting(name)
    if setting is None:
        names = ", ".join(setting.key for setting in settings())
        raise argparse.ArgumentTypeError(tr("There is no setting {name}; there are {names}.", name=key, names=names))
    return _value_of(setting)(value)


def _argument_of(key: str, name: str, typed: str) -> tuple[str, Any]:
    """An argument of a callback, as "early_stopping.patience"."""
    spec = find_callback(key)
    if spec is None:
        names = ", ".join(spec.key for spec in callback_specs())
        raise argparse.ArgumentTypeError(tr("There is no callback {name}; there are {names}.", name=key, names=names))
    parameter = spec.parameter(name)
    if parameter is None:
        names = ", ".join(parameter.name for parameter in spec.parameters)
        text = tr("{callback} has no {name}; it has {names}.", callback=spec.title, name=name, names=names)
        raise argparse.ArgumentTypeError(text)
    _, value = _value_of(parameter.as_setting(spec.title))(typed)
    return f"{key}.{name}", value
