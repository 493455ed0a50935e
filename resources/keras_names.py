"""Which names Keras can run, and such a name for any wish.

TensorFlow makes a scope of every layer's name, and takes ASCII letters, digits and a few signs there. It also writes
them into the names of the optimizer's variables, where a backslash is refused as well. A model's name is the outermost
scope, which begins with a letter, a digit or a dot. Inputs and functions of ``keras.ops`` make no scope, so any name
runs there; "/" is refused by Keras itself, whatever it names.
"""

import re
from typing import Final

from resources.romanization import romanized

_SCOPE: Final = re.compile(r"[A-Za-z0-9_.>-]+")
_LONGEST: Final = 100  # characters of a name that is made; a title has no limit


def is_layer_name(name: str) -> bool:
    """Whether a layer of that name can be trained."""
    return _SCOPE.fullmatch(name) is not None


def is_model_name(name: str) -> bool:
    """Whether a whole model of that name can be trained."""
    return is_layer_name(name) and name[0] not in "_>-"


def is_plain_name(name: str) -> bool:
    """Whether an input or a function may have that name, of which TensorFlow makes no scope."""
    return bool(name.strip()) and "/" not in name


def safe_name(wish: str, otherwise: str) -> str:
    """A name that is taken for any layer and model: ``wish`` itself, or what it is in Latin letters.

    Where none of its letters can be written so, it is ``otherwise``, with the digits of ``wish``.
    """
    if is_model_name(wish):
        return wish
    words = re.sub(r"[^A-Za-z0-9_.>-]+", "_", romanized(wish[:_LONGEST])[:_LONGEST])
    words = re.sub(r"__+", "_", words).strip("_>-.")
    if not re.search("[A-Za-z]", words):
        base = re.sub(r"[^A-Za-z0-9_.>-]+", "_", romanized(otherwise[:_LONGEST])).strip("_>-") or "layer"
        words = f"{base}_{words}" if words else base
    return words
