"""What a run has told is kept for a panel that is built later, and has a limit."""

from __future__ import annotations

from app.engine.told_events import MOST_EVENTS, MOST_STEPS, ToldEvents
from runtime.events import EpochEnded, RunStarted, Steps, TrainingEvent

STARTED = RunStarted("cpu", 10, 4, 640, 100, 5, 5)


def test_all_of_a_short_run_is_kept() -> None:
    events: list[TrainingEvent] = [STARTED, Steps(0, 0, ("loss",), [[1.0]]), EpochEnded(0, {}, 0.1, 1.0)]
    told = ToldEvents()
    told.extend(events)
    assert (told.after(), told.after(2), told.after(3), told.total) == (events, events[2:], [], 3)


def test_of_a_long_run_the_latest_steps_and_all_epochs_are_kept() -> None:
    told = ToldEvents()
    told.add(STARTED)
    for epoch in range(40):
        told.extend(Steps(epoch, epoch * 10_000 + part, ("loss",), [[1.0]] * 1000) for part in range(0, 10_000, 1000))
        told.add(EpochEnded(epoch, {}, 0.1, 1.0))
    kept = told.after()
    steps = [event for event in kept if isinstance(event, Steps)]
    assert MOST_STEPS // 3 <= sum(len(event.values) for event in steps) <= MOST_STEPS
    assert [event.first_step for event in steps] == list(range(steps[0].first_step, 400_000, 1000)), "no gaps"
    assert kept[0] == STARTED and sum(isinstance(event, EpochEnded) for event in kept) == 40
    assert told.total == 441 and told.after(440) == kept[-1:]


def test_one_event_with_very_many_steps_is_kept() -> None:
    told = ToldEvents()
    told.add(Steps(0, 0, ("loss",), [[1.0]] * (MOST_STEPS + 5)))
    assert len(told.after()) == 1


def test_a_run_of_very_many_events_is_cut() -> None:
    told = ToldEvents()
    events: list[TrainingEvent] = [EpochEnded(0, {}, 0.1, 1.0)] * MOST_EVENTS
    told.extend([STARTED, *events, *events])
    assert len(told.after()) <= MOST_EVENTS and told.after()[0] == STARTED and told.total == 2 * MOST_EVENTS + 1
