"""How far each step of the optimizer goes: an argument of it that can be changed while a run goes on."""

from typing import Final

from resources.text import Text
from resources.training.setting import Setting

SETTING: Final = Setting[float | None](
    "learning_rate",
    Text("learning rate"),
    Text("How far each step goes. It can be changed while the model trains."),
    "float",
    None,  # each optimizer has its own
    order=10,
    section="optimizer",
    minimum=0,
    own_control=True,
)
