"""Why Keras cannot be imported in this process."""

from __future__ import annotations

import os
from typing import Final

from resources.text import Text

_LIBRARIES: Final = {"tensorflow": "TensorFlow", "jax": "JAX", "jaxlib": "JAX", "torch": "PyTorch"}
_BACKENDS: Final = ("tensorflow", "jax", "torch")


def why_no_keras(error: Exception) -> Text:
    """`error` is what importing it raised. The backend is that of this process' environment."""
    backend = os.environ.get("KERAS_BACKEND", "")
    if backend and backend not in _BACKENDS:
        return Text.of(
            "Keras is to run on “{backend}”, as KERAS_BACKEND says, but Lamella runs it on tensorflow, jax or torch.",
            backend=backend,
        )
    missing = _LIBRARIES.get(error.name or "") if isinstance(error, ModuleNotFoundError) else None
    if missing is None:
        return Text("Keras cannot be imported.")
    return Text.of(
        "Keras is to run on {backend}, as KERAS_BACKEND says, but {library} is not installed here: install it, or "
        "leave KERAS_BACKEND out to run on TensorFlow.",
        backend=backend or "tensorflow",
        library=missing,
    )
