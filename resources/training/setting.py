"""What a training setting is: declared once, as data.

From its declaration it appears in the spec of a run, the form, the command line, the exported code and the comparison
of runs. Free of Qt and Keras, since all processes and the exporters read it.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar

from resources.text import Text, tr

Json = Any
Kind = Literal["int", "float", "bool", "choice", "text"]
Section = Literal["training", "data", "optimizer", "option", "step"]
Method = Literal["compile", "fit"]
T = TypeVar("T", bound=bool | int | float | str | None)

_TYPES: Final = {"int": int, "float": float, "bool": bool, "choice": str, "text": str}
_ON: Final = ("true", "on", "yes", "1")
_OFF: Final = ("false", "off", "no", "0")
NONE: Final = "none"  # how no value is written on the command line
FOUND_OUT: Final = Text("found out")


class SettingError(Exception):
    """A value that a setting does not take. `text` names the setting, the value and what it takes."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


def _same(value: Any) -> Any:
    return value


def _always(_values: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Argument:
    """It acts as the argument `name` of `model.compile` or `model.fit`, which gets `convert(value)`.

    At the values of `left_out` Keras does by itself what is meant, so nothing is written. `handled`: the trainer does
    it in a way of its own, and only exported code hands it to Keras.
    """

    of: Method
    name: str
    left_out: tuple[Json, ...] = ()
    convert: Callable[[Any], Json] = _same
    handled: bool = False

    @property
    def converts(self) -> bool:
        return self.convert is not _same


@dataclass(frozen=True, slots=True)
class Before:
    """It acts through a function of Keras ("keras.utils.set_random_seed") that is called before the model is made.

    At the values of `left_out` it is not called.
    """

    function: str
    left_out: tuple[Json, ...] = (None,)


@dataclass(frozen=True)  # with slots it would not take the parameter of its type
class Setting(Generic[T]):
    """One scalar setting. `key` is its name in project files, in run folders and on the command line.

    It stands in the `training` or the `data` section of a project, among the arguments of the optimizer, among the
    options of a kind of data, or in a step of preparing them. A setting whose default is None takes None as well.
    `minimum` and `maximum` are inclusive, `below` is not. A "choice" is one of `choices`, a "text" matches `pattern`,
    which `form_of_text` describes for people.

    `acts` None: the trainer reads it itself. `applies` gets the values of all settings by key; where it says no, the
    setting is not shown, written or handed to Keras. `words` tells a value to people, `none` what no value is called
    where it is not "none", or "found out" of an option. `own_control`: a page shows it in a way of its own, so the
    forms make no row for it. `option`: it has an option of its own on the command line.
    """

    key: str
    title: Text
    help: Text
    kind: Kind
    default: T
    order: int
    section: Section = "training"
    acts: Argument | Before | None = None
    minimum: float | None = None
    maximum: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    form_of_text: Text = field(default_factory=lambda: Text("any text"))
    words: Callable[[T], Text] | None = None
    none: Text | None = None
    applies: Callable[[Mapping[str, Any]], bool] = _always
    own_control: bool = False
    option: bool = False

    def __post_init__(self) -> None:
        if not self.key.isidentifier() or not self.takes(self.default):
            raise ValueError(f"the declaration of {self.key!r} is wrong")

    @property
    def annotation(self) -> Any:
        """The type of its values in the spec of a run."""
        return _TYPES[self.kind] | None if self.default is None else _TYPES[self.kind]

    @property
    def highest(self) -> float | None:
        """The highest value it takes, None where there is no limit."""
        return self.maximum if self.below is None else math.nextafter(self.below, -math.inf)

    @property
    def allowed(self) -> Text:
        """The values it takes, in words."""
        found = self._allowed()
        return Text.of("{values}, or none", values=found) if self.default is None else found

    def written(self, section: Mapping[str, Json]) -> Json:
        """Return what stands in its section of a project, whatever it is; the default where nothing does."""
        value = section.get(self.key)
        return self.default if value is None else value

    def sound(self, section: Mapping[str, Json]) -> T:
        """Return what stands in its section of a project, or the default where that is no value of it."""
        value = self.written(section)
        found: T = value if self.takes(value) else self.default
        return found

    def takes(self, value: Json) -> bool:
        if value is None:
            return self.default is None
        if self.kind == "bool":
            return isinstance(value, bool)
        if self.kind in ("int", "float"):
            return self._takes_number(value)
        if not isinstance(value, str):
            return False
        return value in self.choices if self.kind == "choice" else not self.pattern or self._matches(value)

    def check(self, value: Json) -> None:
        """Raises SettingError."""
        if not self.takes(value):
            raise self._refusal(value)

    def refusal(self, value: Json) -> Text:
        """What is said of a value that it does not take."""
        return self._refusal(value).text

    def parse(self, typed: str) -> T:
        """The value that somebody typed. Raises SettingError."""
        word = typed.strip()
        value: Json = None
        if self.default is not None or word.lower() != NONE:
            try:
                value = self._read(word)
            except ValueError as error:
                raise self._refusal(typed) from error
        if not self.takes(value):
            raise self._refusal(typed)
        found: T = value
        return found

    def text_of(self, value: T) -> str:
        """The value as people read it."""
        if self.words is not None:
            return str(self.words(value))
        if value is None:
            return str(self.none or (FOUND_OUT if self.section == "option" else Text("none")))
        if isinstance(value, bool):
            return tr("on") if value else tr("off")
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _takes_number(self, value: Json) -> bool:
        kinds = (int,) if self.kind == "int" else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool):
            return False
        if isinstance(value, float) and not math.isfinite(value):
            return False
        enough = self.minimum is None or value >= self.minimum
        return enough and (self.maximum is None or value <= self.maximum) and (self.below is None or value < self.below)

    def _matches(self, value: str) -> bool:
        return re.fullmatch(self.pattern, value) is not None

    def _read(self, word: str) -> Json:
        """Raises ValueError."""
        if self.kind == "bool":
            if word.lower() not in (*_ON, *_OFF):
                raise ValueError(word)
            return word.lower() in _ON
        if self.kind in ("int", "float"):
            if not word.isascii() or "_" in word:  # Python takes other digits, and groups of them
                raise ValueError(word)
            return int(word) if self.kind == "int" else float(word)
        return word

    def _refusal(self, value: Json) -> SettingError:
        shown = NONE if value is None else str(value)
        return SettingError(
            Text.of(
                "The setting {setting} is {value}; it must be {values}.",
                setting=self.title, value=shown, values=self.allowed,
            )
        )  # fmt: skip

    def _allowed(self) -> Text:
        if self.kind == "bool":
            return Text("on or off")
        if self.kind == "choice":
            return Text.of("one of {choices}", choices=", ".join(self.choices))
        if self.kind == "text":
            return self.form_of_text
        number = Text("a whole number") if self.kind == "int" else Text("a number")
        minimum, maximum, below = map(_plain, (self.minimum, self.maximum, self.below))
        if below and minimum:
            return Text.of(
                "{number}, at least {minimum} and below {below}", number=number, minimum=minimum, below=below
            )
        if below:
            return Text.of("{number} below {below}", number=number, below=below)
        if minimum and maximum:
            return Text.of("{number} from {minimum} to {maximum}", number=number, minimum=minimum, maximum=maximum)
        if minimum:
            return Text.of("{number}, at least {minimum}", number=number, minimum=minimum)
        return Text.of("{number}, at most {maximum}", number=number, maximum=maximum) if maximum else number


def _plain(limit: float | None) -> str:
    return "" if limit is None else f"{limit:.12g}"
