"""What a run trains on. Exported code leaves that to whoever runs it."""

from typing import Final

from resources.text import Text
from resources.training.setting import Setting

SETTING: Final = Setting[str](
    "device",
    Text("device"),
    Text("What the model is trained on."),
    "text",
    "cpu",
    order=50,
    pattern=r"cpu|all|gpu:[0-9]+",
    form_of_text=Text("cpu, gpu:0 or all"),
    own_control=True,
    option=True,
)
