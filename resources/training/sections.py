"""The training section of a project beside its scalar settings: what has parameters of its own, or one for each output.

Forms, spec, exported code and the comparison of runs read names, defaults and words of these from here.
"""

from typing import Final

from resources.text import Text

OPTIMIZER: Final = "optimizer"
OUTPUTS: Final = "outputs"
CALLBACKS: Final = "callbacks"
INITIAL_WEIGHTS: Final = "initial_weights"  # a path as those of data are written
COMPOUND: Final = (OPTIMIZER, OUTPUTS, CALLBACKS, INITIAL_WEIGHTS)

DEFAULT_OPTIMIZER: Final = "Adam"
DEFAULT_LOSS_WEIGHT: Final = 1.0

OPTIMIZER_TITLE: Final = Text("optimizer")
METRICS_TITLE: Final = Text("metrics")
LOSS_WEIGHT_TITLE: Final = Text("weight")
LOSS_WEIGHT_HELP: Final = Text("This output's share in the sum of losses that training lowers.")
