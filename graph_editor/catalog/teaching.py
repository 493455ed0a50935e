"""What the parameters that a box tells of mean, in a line each."""

from collections.abc import Mapping

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, LayerSpec

_MOST = 4


def parameter_lines(catalog: Catalog, spec: LayerSpec, config: Mapping[str, Json] | None = None) -> list[str]:
    """The telling parameters with what they do; with their values where ``config`` has some."""
    parameters = {parameter.name: parameter for parameter in spec.parameters}
    lines = []
    for name in spec.summary[:_MOST]:
        if name in parameters:
            value = f" = {_short(config[name])}" if config is not None and name in config else ""
            lines.append(f"{name}{value}: {catalog.parameter_help(parameters[name], spec)}")
    return lines


def _short(value: Json) -> str:
    if isinstance(value, list):
        return "×".join(map(_short, value))
    if isinstance(value, Mapping):
        return str(value.get("class_name", "…"))
    return str(value)
