"""How a run stands, as its events tell. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runtime.events import EpochStarted, Paused, Resumed, RunEnded, RunFailed, RunStarted, TrainingEvent


@dataclass(slots=True)
class RunState:
    """`epoch` counts from 1 and is 0 before the first; `end` is the last event of a run, None before it."""

    heard: bool = False  # whether anything was reported
    phase: Literal["starting", "running", "paused", "ended"] = "starting"
    epoch: int = 0
    end: RunEnded | RunFailed | None = None

    def apply(self, event: TrainingEvent) -> None:
        """Events in their order."""
        self.heard = True
        match event:
            case EpochStarted():
                self.epoch = event.epoch + 1
            case RunStarted() | Resumed():
                self.phase = "running"
            case Paused():
                self.phase = "paused"
            case RunEnded() | RunFailed():
                self.phase, self.end = "ended", event
            case _:
                pass
