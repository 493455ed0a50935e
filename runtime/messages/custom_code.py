"""The project's own code: what a worker is to run, what it registers, and what is wrong with it."""

from typing import Literal

import msgspec

from resources.text import Text
from runtime.messages.parts import Json, Message, Part
from runtime.spec import CodeFile

CodeKind = Literal["layer", "loss", "metric", "optimizer", "initializer", "regularizer", "constraint", "activation"]


class CodeParameter(Part, frozen=True):
    """A constructor argument as its signature has it; `kind` is a guess, one of the catalogue's kinds of values."""

    name: str
    kind: str
    default: Json = None
    required: bool = False
    nullable: bool = False


class CodePort(Part, frozen=True):
    """A tensor argument of a layer's call. The first one is passed by position, all others by name."""

    name: str
    kind: Literal["single", "list"] = "single"
    required: bool = True


class CodeObject(Part, frozen=True):
    """A class or function of custom code that is registered with Keras.

    `module` is the name of its file without the suffix; `config` is that of a new object, without its name.
    Of a metric, `logged` is its name in logs when it is given none, empty where only a run will tell, and `direction`
    says which values are better, None where the class does not.
    """

    kind: CodeKind
    class_name: str
    module: str
    registered_name: str
    help: str = ""
    parameters: tuple[CodeParameter, ...] = ()
    ports: tuple[CodePort, ...] = ()
    config: dict[str, Json] = msgspec.field(default_factory=dict)
    logged: str = ""
    direction: Literal["min", "max"] | None = None


class CodeProblem(Part, frozen=True):
    """What is wrong with a file of custom code, in a sentence that names it; `line` counts from 1, 0 is unknown.

    A warning concerns a class that is left out, an error the whole file.
    """

    path: str
    text: Text
    line: int = 0
    severity: Literal["error", "warning"] = "error"
    detail: str = ""


class LoadCode(Message, frozen=True):
    """Runs these files, and no other contents than those that were agreed to; what was loaded before is forgotten."""

    id: int
    files: tuple[CodeFile, ...]


class CodeLoaded(Message, frozen=True):
    """The files were run, except for those that a problem with severity "error" names."""

    id: int
    objects: tuple[CodeObject, ...]
    problems: tuple[CodeProblem, ...] = ()
