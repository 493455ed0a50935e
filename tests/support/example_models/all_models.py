"""The models of keras.io's examples and of KerasHub's backbones, made small, by their names. Imports Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.example_models.backbones import BACKBONES
from tests.support.example_models.generative import GENERATIVE
from tests.support.example_models.images import IMAGES
from tests.support.example_models.own_code import OWN_CODE
from tests.support.example_models.sequences import SEQUENCES
from tests.support.example_models.tables import TABLES

EXAMPLES: dict[str, Callable[[], Any]] = {
    maker.__name__: maker for maker in (*IMAGES, *SEQUENCES, *TABLES, *GENERATIVE, *BACKBONES, *OWN_CODE)
}
OWN: frozenset[str] = frozenset(maker.__name__ for maker in OWN_CODE)  # with code that has to be agreed to
