"""In which order layers are offered for a tensor."""

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.fitting import by_axes


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def offered(catalog: Catalog, typed: str, axes: int) -> list[str]:
    return [spec.shown_name for spec in by_axes(catalog.search(typed), axes, typed)]


@pytest.mark.parametrize("axes", [2, 3, 4])
@pytest.mark.parametrize(("typed", "first"), [("add", "Add"), ("ADD", "Add"), ("덧셈", "Add"), ("conv1d", "Conv1D")])
def test_what_is_called_just_so_comes_first_whatever_fits(catalog: Catalog, typed: str, first: str, axes: int) -> None:
    assert offered(catalog, typed, axes)[0] == first


@pytest.mark.parametrize(("typed", "axes", "first"), [("conv", 4, "Conv2D"), ("conv", 3, "Conv1D")])
def test_of_those_that_begin_so_what_fits_comes_first(catalog: Catalog, typed: str, axes: int, first: str) -> None:
    names = offered(catalog, typed, axes)
    begin = [name.lower().startswith(typed) for name in names]
    assert names[0] == first and begin == sorted(begin, reverse=True)


def test_without_letters_what_fits_comes_first(catalog: Catalog) -> None:
    names = offered(catalog, "", 4)
    assert names.index("Conv2D") < names.index("Conv1D")
