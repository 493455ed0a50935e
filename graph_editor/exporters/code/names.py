"""Names of layers as Python variables."""

import builtins
import keyword
import re
import sys
import unicodedata
from collections.abc import Iterable
from typing import Final

from graph_editor.exporters.code import split, windows
from resources.python_code import adapting, augmented, batched, preparing, shared, shuffled
from resources.python_code.parts import OWN
from resources.python_code.python_names import is_python_name

_LONGEST: Final = 60
BUILD: Final = "build_model"
NAMED: Final = "named"
KEEP_FROZEN: Final = "keep_frozen"
WITH_VOCABULARY: Final = "with_vocabulary"
FUNCTIONS: Final = (BUILD, NAMED, KEEP_FROZEN, WITH_VOCABULARY, "load_data", "main")
# What `main` and the reading of data call their own, too.
_VARIABLES: Final = (
    "model",
    "data",
    "x",
    "y",
    "samples",
    OWN,
    "beside",
    shuffled.CLASS,
    shuffled.OF_WORDS,
    shuffled.AS_TENSORS,
    "tf",
    *split.NAMES,
    *windows.NAMES,
    *augmented.NAMES,
    *batched.NAMES,
    *shared.NAMES,
    *preparing.NAMES,
    *adapting.NAMES,
)
# Modules that Python or the script itself has: a file beside the script does not come before them.
_MODULES: Final = frozenset(
    {*sys.stdlib_module_names, "keras", "tf_keras", "tensorflow", "numpy", "h5py", "jax", "torch"}
)
TAKEN: Final = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "keras", "np", "h5py", "csv", "l", "O", "I"}
)


class Names:
    """Gives out variables, each once; `taken` are names that the program uses otherwise."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given = {*TAKEN, *taken}

    def variable(self, wish: str) -> str:
        """`wish` if it is a free identifier, else something like it."""
        base = identifier(wish)
        base = f"{base}_" if base in TAKEN else base
        name, number = base, 1
        while name in self._given:
            number += 1
            name = numbered(base.rstrip("_"), number)
        self._given.add(name)
        return name


def identifier(text: str) -> str:
    """An identifier that resembles `text`: letters of any script, digits and underscores.

    Python compares identifiers in their NFKC form, so that is what comes back.
    """
    plain = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", text)).strip("_")[:_LONGEST].rstrip("_")
    plain = unicodedata.normalize("NFKC", plain) or "layer"
    candidate = f"layer_{plain}" if plain[0].isdigit() else plain
    return candidate if candidate.isidentifier() else "layer"


def numbered(name: str, number: int) -> str:
    return f"{name}_{number}"


def builder_name(model: str) -> str:
    """Of the function that builds a nested model."""
    return f"build_{identifier(model)}"


def shared_name(layer: str) -> str:
    """Of a layer that stands in several places."""
    return f"{layer}_layer"


def may_be_own_module(module: str) -> bool:
    """Whether a file of this name that lies beside the script is what `import` finds."""
    return is_python_name(module) and module not in _MODULES


def may_be_own_class(class_name: str) -> bool:
    """Whether it can be imported by its name without hiding what the program uses otherwise."""
    return is_python_name(class_name) and class_name not in {*TAKEN, *FUNCTIONS, *_VARIABLES}


def title(name: str) -> str:
    """A name for a file and for the first line: letters, digits and plain signs."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name)[:60].strip()
    return kept or "model"
