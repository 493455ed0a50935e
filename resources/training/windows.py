"""What a project may say of windows over the rows of a time series; `runtime/spec.py` has them as `Windows`.

The names are Lamella's; what `keras.utils.timeseries_dataset_from_array` calls them stands in their help.
"""

from typing import Any, Final

from resources.text import Text
from resources.training.setting import Setting

WINDOWS: Final = "windows"  # the key in the data section of a project
ORDER_BY: Final = "order_by"
GROUP_BY: Final = "group_by"
_MOST: Final = 1_000_000
LENGTH: Final = Setting[int](
    "length",
    Text("Length"),
    Text("Rows in a window (sequence_length in Keras)."),
    "int",
    24,
    order=10,
    section="option",
    minimum=1,
    maximum=_MOST,
)
STRIDE: Final = Setting[int](
    "stride",
    Text("Stride"),
    Text("Rows from the beginning of one window to that of the next (sequence_stride in Keras)."),
    "int",
    1,
    order=20,
    section="option",
    minimum=1,
    maximum=_MOST,
)
HORIZON: Final = Setting[int](
    "horizon",
    Text("Horizon"),
    Text("How many rows behind the last one of a window its truth lies (the offset of targets in Keras)."),
    "int",
    1,
    order=30,
    section="option",
    minimum=0,
    maximum=_MOST,
)
SETTINGS: Final[tuple[Setting[Any], ...]] = (LENGTH, STRIDE, HORIZON)
