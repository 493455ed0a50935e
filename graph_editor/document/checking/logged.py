"""What a run of a project will tell: its losses and metrics by the names that Keras gives them."""

from collections.abc import Mapping

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.ends import output_nest
from graph_editor.document.graph import Graph, Json
from resources.training.metric_logs import Find, KnownMetric, Logged, keras_metric, logged, read_metric


def logged_by(graph: Graph, outputs: Mapping[str, Mapping[str, Json]], catalog: Catalog) -> list[Logged]:
    """`outputs` is what the training section says of each output."""
    metrics = {name: _listed(section.get("metrics")) for name, section in outputs.items()}
    found = {name: [read_metric(metric) for metric in listed] for name, listed in metrics.items()}
    return logged(output_nest(graph), found, finder(catalog))


def finder(catalog: Catalog) -> Find:
    """Metrics of Keras, and those of the project's own code once that was run."""

    def find(name: str) -> KnownMetric | None:
        spec = catalog.object("metrics", name)
        if spec is None or not spec.logged:
            return keras_metric(name)
        return KnownMetric(spec.logged, spec.direction)

    return find


def _listed(written: Json) -> list[Json]:
    return list(written) if isinstance(written, list | tuple) else []
