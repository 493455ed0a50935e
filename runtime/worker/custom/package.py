"""Where modules of custom code lie. Free of Keras."""

from typing import Final

PACKAGE: Final = "lamella_custom"  # modules of custom code are called lamella_custom.<name of the file>
