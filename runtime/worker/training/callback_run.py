"""What a callback knows of the run it belongs to, and how it tells people what it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from resources.text import Text
from runtime.events import CallbackNote, ReportEvent
from runtime.metric_names import higher_is_better, monitored


@dataclass(slots=True)
class CallbackRun:
    """`ended_early` is set by the callback that ends the run."""

    folder: Path
    report_event: ReportEvent
    has_validation: bool
    ended_early: bool = False
    _said: set[str] = field(default_factory=set)

    def note(self, text: Text) -> None:
        self.report_event(CallbackNote(text))

    def note_once(self, text: Text) -> None:
        if text.english() not in self._said:
            self._said.add(text.english())
            self.note(text)

    def monitor(self, metric: str) -> str:
        """The metric to watch: without validation that of training, which is said."""
        name = monitored(metric, self.has_validation)
        if name != metric:
            self.note_once(
                Text.of("There is no validation, so {name} is watched instead of {wanted}.", wanted=metric, name=name)
            )
        return name

    @staticmethod
    def mode(monitor: str) -> str:
        return "max" if higher_is_better(monitor) else "min"

    def has(self, monitor: str, logs: Mapping[str, float]) -> bool:
        """Whether the epoch has the metric; says so once when it has not."""
        if monitor in logs:
            return True
        self.note_once(
            Text.of(
                "There is no metric {monitor} to watch; this run has {names}.", monitor=monitor, names=", ".join(logs)
            )
        )
        return False
