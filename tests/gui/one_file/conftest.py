"""What the tests of training have: a look, and a way to show a widget."""

from tests.gui.training.conftest import look, make_world, show, theme, world

__all__ = ["look", "make_world", "show", "theme", "world"]
