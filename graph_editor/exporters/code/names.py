"""Names of layers as Python variables."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 60
_TAKEN: Final = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "keras", "np", "h5py", "csv", "l", "O", "I"}
)


class Names:
    """Gives out variables, each once; `taken` are names that the program uses otherwise."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given = {*_TAKEN, *taken}

    def variable(self, wanted: str) -> str:
        """`wanted` if it is a free identifier, else something like it."""
        base = identifier(wanted)
        base = f"{base}_" if base in _TAKEN else base
        name, number = base, 1
        while name in self._given:
            number += 1
            name = f"{base.rstrip('_')}_{number}"
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
