"""What a run hears while it runs."""

import threading

from runtime.worker.process.control import Control


def test_a_stop_ends_a_pause_and_no_pause_comes_after_it() -> None:
    control = Control()
    control.pause()
    assert control.paused
    assert not control.wait_while_paused(0.01)
    threading.Timer(0.02, control.stop).start()
    assert control.wait_while_paused(5)
    control.pause()
    assert (control.paused, control.stopped) == (False, True)


def test_a_learning_rate_is_taken_once_and_the_last_one_counts() -> None:
    control = Control()
    assert control.take_learning_rate() is None
    control.set_learning_rate(0.1)
    control.set_learning_rate(0.0)
    assert control.take_learning_rate() == 0.0
    assert control.take_learning_rate() is None
