"""Every layer of the catalogue: choosing one adds it to the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from app.command_palette.providers.entry import Entry, Surroundings
from graph_editor.catalog.specs import LayerSpec

ORDER = 30


def layers(around: Surroundings) -> Sequence[Entry]:
    catalog = around.session.catalog
    titles = {category.key: str(category.title) for category in catalog.categories()}

    def entry(spec: LayerSpec) -> Entry:
        def add() -> None:
            around.go_to_canvas().add_layer(spec)

        words = " ".join((spec.class_name, *spec.keywords))
        return Entry("layer", spec.shown_name, add, titles.get(spec.category, ""), also=words, category=spec.category)

    return [entry(spec) for spec in catalog.palette()]


PROVIDE = layers
