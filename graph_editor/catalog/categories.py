"""The sections of the palette, in their order."""

from typing import Final

from graph_editor.catalog.specs import Category
from resources.text import Text

CATEGORIES: Final = (
    Category("input", Text("Inputs")),
    Category("core", Text("Core")),
    Category("convolution", Text("Convolution")),
    Category("pooling", Text("Pooling")),
    Category("merge", Text("Merge")),
    Category("normalization", Text("Normalization")),
    Category("regularization", Text("Regularization")),
    Category("recurrent", Text("Recurrent")),
    Category("attention", Text("Attention")),
    Category("reshaping", Text("Reshaping")),
    Category("activation", Text("Activation")),
    Category("preprocessing", Text("Preprocessing")),
    Category("wrapper", Text("Wrappers")),
    Category("nested", Text("Nested models")),
    Category("operation", Text("Operations")),
    Category("custom", Text("My code")),
)
