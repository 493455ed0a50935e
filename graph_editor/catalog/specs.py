"""What the application knows of a Keras class without importing Keras."""

from typing import Any, Literal

import msgspec

from resources.text import Text, tr

Json = Any  # a JSON value

Kind = str  # of values: what an editor in graph_editor/editors says that it is there for; else it is edited as JSON
Group = Literal["main", "initializers", "regularizers", "constraints", "advanced"]
PortKind = Literal["single", "list", "keyword"]
ObjectKind = Literal[
    "losses",
    "metrics",
    "optimizers",
    "activations",
    "initializers",
    "regularizers",
    "constraints",
    "callbacks",
    "schedules",
]


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """One constructor argument; ``name`` is its key in the config as well.

    ``default`` is a JSON value: tuples are lists, Keras objects are identifiers ("glorot_uniform").
    ``length`` is the number of items of a tuple, ``None`` where it is free. ``minimum`` and ``maximum`` are inclusive
    and hold for each item of a tuple. ``titles`` are what ``choices`` are called for people, where that is not what is
    written; ``none`` is what no value is called, where that is not "none".
    """

    name: str
    kind: Kind
    default: Json = None
    required: bool = False
    nullable: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    length: int | None = None
    group: Group = "main"
    titles: tuple[str, ...] = ()
    none: str = ""

    @property
    def none_title(self) -> str:
        return (self.none or tr("none")) if self.nullable else ""

    def title_of(self, choice: str) -> str:
        titles = dict(zip(self.choices, self.titles, strict=False))
        return titles.get(choice, choice)


class Port(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place of a call where tensors go in.

    ``path`` is where the argument stands: ("args", 0) or ("kwargs", "value"). A "list" port holds ``minimum`` to
    ``maximum`` tensors (no limit when ``None``) below that path; ``items`` names them where they have names.
    """

    name: str
    kind: PortKind
    path: tuple[str | int, ...]
    required: bool = True
    minimum: int = 1
    maximum: int | None = None
    items: tuple[str, ...] = ()


class CallLiteral(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value, not a tensor, that stands among the arguments of a call: the key of ``get_item``."""

    parameter: Parameter
    path: tuple[str | int, ...]


class FunctionSpec(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a function of ``keras.ops`` becomes an operation and a call.

    ``name`` is public ("keras.ops.add"), ``aliases`` are other public names of the same operation. ``arguments`` are
    its arguments in order, ``required`` those without a default; one that takes any number of values has a star.
    ``positions`` says which of them Keras records at each place of ``args``; what is recorded in ``kwargs`` keeps its
    name, all others are in the config. ``args`` and ``kwargs`` are what Keras records where no wire leads.
    ``sequence``: it gives a list or tuple of tensors, with the default config at least.
    """

    name: str
    arguments: tuple[str, ...]
    required: tuple[str, ...]
    positions: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    args: tuple[Json, ...] = ()
    kwargs: dict[str, Json] = {}
    literals: tuple[CallLiteral, ...] = ()
    sequence: bool = False


class LayerSpec(msgspec.Struct, frozen=True, omit_defaults=True):
    """A public class of ``keras.layers``, or the class behind a function of ``keras.ops`` (``function`` is then set).

    ``summary`` are the parameters that are told on the box. ``defaults`` is the config that Keras writes for a new
    layer, without the name. ``state_outputs`` is how many outputs ``return_state=True`` adds. ``common`` layers stand
    first in their category. ``reason`` says why a layer is not on the palette.
    ``registered`` is the name under which a layer of the project's own code is registered with Keras.
    """

    class_name: str
    module: str
    category: str
    title: str = ""
    help: str = ""
    parameters: tuple[Parameter, ...] = ()
    inputs: tuple[Port, ...] = ()
    outputs: int = 1
    palette: bool = True
    common: bool = False
    summary: tuple[str, ...] = ()
    url: str = ""
    reason: str = ""
    state_outputs: int = 0
    keywords: tuple[str, ...] = ()
    defaults: dict[str, Json] = {}
    function: FunctionSpec | None = None
    registered: str = ""

    @property
    def registered_name(self) -> str | None:
        """As Keras writes it into configs: nothing for layers of its own, the class name for operations."""
        return self.registered or (self.class_name if self.function else None)

    @property
    def shown_name(self) -> str:
        """What people call it: the class name, except for ``InputLayer``; the function for operations."""
        return self.title or self.class_name

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


class ObjectSpec(msgspec.Struct, frozen=True, omit_defaults=True):
    """A loss, metric, optimizer, ...; ``identifier`` is what ``keras.losses.get`` and its like accept.

    ``config`` is the config that Keras writes for the object with its defaults. ``own_module`` is the file of the
    project's own code that has the class; it is registered with Keras as ``identifier``.
    Of metrics, ``logged`` is the name under which a run tells one that was given none, ``direction`` says whether the
    lowest or the highest value is the best (None where Keras does not say), and ``aliases`` are further short names.
    """

    class_name: str
    kind: ObjectKind
    identifier: str
    help: str = ""
    parameters: tuple[Parameter, ...] = ()
    config: dict[str, Json] = {}
    own_module: str = ""
    logged: str = ""
    direction: Literal["min", "max"] | None = None
    aliases: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """As Keras writes it into configs."""
        return self.own_module or f"keras.{self.kind}"

    @property
    def registered_name(self) -> str | None:
        """As Keras writes it into configs: nothing for objects of its own."""
        return self.identifier if self.own_module else None


class Category(msgspec.Struct, frozen=True):
    """A section of the palette; the theme has a colour for its key."""

    key: str
    title: Text


class LayersFile(msgspec.Struct, frozen=True):
    """``layers.json``: ``aliases`` are other public names of a class; ``not_layers`` says what else is exported.

    ``unpublished`` are layers that models bring along although Keras exports them nowhere, as it writes them.
    """

    keras: str
    layers: tuple[LayerSpec, ...]
    aliases: dict[str, str]
    not_layers: dict[str, str]
    unpublished: tuple[LayerSpec, ...]


class OperationsFile(msgspec.Struct, frozen=True):
    """``operations.json``: ``left_out`` gives the reason for each public function that is no box."""

    keras: str
    operations: tuple[LayerSpec, ...]
    left_out: dict[str, str]


class ObjectsFile(msgspec.Struct, frozen=True):
    """``losses.json`` and its like; ``left_out`` gives the reason for each public class that is not offered."""

    keras: str
    objects: tuple[ObjectSpec, ...]
    left_out: dict[str, str]
