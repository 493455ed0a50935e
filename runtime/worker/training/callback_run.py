"""What a callback knows of the run it belongs to, and how it tells people what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from resources.plain import listed
from resources.text import Text
from resources.training.metric_logs import VALIDATION, Direction, Logged, directions, is_number
from runtime.callback_specs import MODE, MONITOR, chosen_mode, monitored
from runtime.events import CallbackNote, ReportEvent
from runtime.worker.process.control import WorkerError

_SHOWN_METRICS: Final = 12


@dataclass(slots=True)
class CallbackRun:
    """`entries` are what the run tells. `ended_early` is set by the callback that ends the run."""

    folder: Path
    report_event: ReportEvent
    has_validation: bool
    entries: Sequence[Logged] = ()
    ended_early: bool = False
    _said: set[str] = field(default_factory=set)

    def note(self, text: Text) -> None:
        self.report_event(CallbackNote(text))

    def note_once(self, text: Text) -> None:
        if text.english() not in self._said:
            self._said.add(text.english())
            self.note(text)

    def watched(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a callback with what it watches, and which way is better, for Keras.

        Without validation the metric of training is watched, which is said. Raises WorkerError when nobody says which
        way is better.
        """
        monitor, known = self._monitor(str(values[MONITOR])), directions(self.entries)
        mode = chosen_mode({**values, MONITOR: monitor}, known)
        if mode is None and any(entry.name == monitor.removeprefix(VALIDATION) for entry in self.entries):
            raise WorkerError(
                Text.of(
                    "Keras does not say whether {monitor} is better when it is lower or higher: choose min or max.",
                    monitor=monitor,
                )
            )
        anything: Direction = "min"  # there is no such metric, which `has` says
        return {**values, MONITOR: monitor, MODE: mode or anything}

    def _monitor(self, metric: str) -> str:
        name = monitored(metric, self.has_validation)
        if name != metric:
            self.note_once(
                Text.of("There is no validation, so {name} is watched instead of {wanted}.", wanted=metric, name=name)
            )
        return name

    def has(self, monitor: str, logs: Mapping[str, float]) -> bool:
        """Whether the epoch has the metric; says so once when it has not."""
        if monitor in logs:
            return True
        self.note_once(
            Text.of(
                "There is no metric {monitor} to watch; this run has {names}.",
                monitor=monitor,
                names=listed(list(logs), _SHOWN_METRICS),
            )
        )
        return False


class NumbersOnly:
    """Goes before a callback of Keras that watches a metric: what is no finite number is never better.

    Keras takes the first value for the best, and nothing is below NaN. `run` is set by those that build it.
    """

    run: CallbackRun
    monitor: str
    asked = False
    had_number = False

    def _is_improvement(self, monitor_value: float, reference_value: float | None) -> bool:
        self.asked = True
        if not is_number(float(monitor_value)):
            return False
        self.had_number = True
        better: bool = super()._is_improvement(monitor_value, reference_value)  # type: ignore[misc]
        return better

    @property
    def never_a_number(self) -> bool:
        return self.asked and not self.had_number

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        if self.never_a_number:
            self.run.note_once(
                Text.of(
                    "{monitor} was never a number in this run (NaN or infinite), so no epoch is called the best.",
                    monitor=self.monitor,
                )
            )
        super().on_train_end(logs)  # type: ignore[misc]
