"""The hand-written part speaks only of what Keras has, so that it does not outlive what it was written for."""

from typing import get_args

from graph_editor.catalog.catalog import FOLDER, Catalog
from graph_editor.catalog.generate.overlay import read_overlay
from graph_editor.catalog.specs import LayerSpec, ObjectKind, ObjectSpec


def test_every_entry_is_about_something_that_exists() -> None:
    catalog = Catalog.load()
    objects = [spec for kind in get_args(ObjectKind) for spec in catalog.objects(kind)]
    classes = {spec.class_name for spec in (*catalog.layers(), *catalog.unpublished())} | {
        f"{spec.kind}.{spec.class_name}" for spec in objects
    }
    overlay = read_overlay(FOLDER / "overlay.json")
    named = {*overlay.help, *overlay.keywords, *overlay.pages, *overlay.titles, *overlay.categories}
    named |= {name for names in overlay.common.values() for name in names}
    assert named - classes == set()

    specs: list[LayerSpec | ObjectSpec] = [*catalog.layers(), *catalog.unpublished(), *objects]
    known = {parameter.name for spec in specs for parameter in spec.parameters}
    known |= {f"{spec.class_name}.{parameter.name}" for spec in specs for parameter in spec.parameters}
    for spec in catalog.operations():
        assert spec.function
        own = spec.function.name.removeprefix("keras.")
        literals = [literal.parameter for literal in spec.function.literals]
        known |= {f"{own}.{parameter.name}" for parameter in (*spec.parameters, *literals)}
    assert set(overlay.parameters) - known == set()
    assert set(overlay.start) - known == set()


def test_common_layers_are_of_the_category_they_are_listed_under() -> None:
    catalog = Catalog.load()
    for category, names in read_overlay(FOLDER / "overlay.json").common.items():
        assert [spec.class_name for spec in catalog.palette(category)][: len(names)] == names
