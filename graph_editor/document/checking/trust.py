"""Which operations a file may name without anybody having to trust it: Keras' own, and of these none that hold code."""

from typing import Final

from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.graph import Operation
from resources.text import Text

# They run Python code, or load it from a place that their config names.
CODE: Final = frozenset({"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"})
_OURS: Final = ("keras", "tf_keras", "tensorflow")


def distrust(operation: Operation, spec: LayerSpec | None) -> Text | None:
    """Why the operation is not run as it is; None for what Keras itself published."""
    name, class_words = operation.shown_name, operation.class_name[:80]
    package = operation.module.split(".")[0]
    if operation.class_name in CODE and package in _OURS:
        return Text.of(
            "{layer} holds code of its author ({class_name}): it is not trusted, and will not be run.",
            layer=name,
            class_name=class_words,
        )
    registered = operation.registered_name
    if spec is not None and spec.registered and registered == spec.registered:
        return None  # code of the project that has been run
    registered_elsewhere = registered not in (None, operation.class_name)
    if package not in _OURS and (spec is None or spec.registered) and operation.graph is None:
        package = operation.module[:80]
    elif registered_elsewhere and package in _OURS:
        package = str(registered)[:80]
    else:
        return None
    return Text.of(
        "{layer} is a {class_name} of {package}, which is not part of Keras: it is not trusted, and will not be run.",
        layer=name,
        class_name=class_words,
        package=package,
    )
