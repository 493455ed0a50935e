"""What a worker does with messages.

Keras lives on a thread with a large stack (`process/deep_stack.py`): requests about models are answered there one at a
time, and training runs there. The main thread starts it, waits, and handles signals.
Questions about data are answered on a thread beside it. A reader thread receives everything and handles at once what
cannot wait: cancelling, pausing, stopping, ending, and the news that a newer Infer overtakes an older one.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resources.private_files import stay_private
from resources.text import Text
from runtime.console_log import print_into, print_without_readers
from runtime.events import RunFailed
from runtime.messages.checking import CheckData
from runtime.messages.connection import Cancel, Cancelled, Detach, Failed, Hello, Shutdown
from runtime.messages.custom_code import LoadCode
from runtime.messages.describing import DataProgress, DescribeData, GetKnownSet, PeekData, RecognizeData
from runtime.messages.devices import ListDevices
from runtime.messages.exporting import CheckSource, Export
from runtime.messages.inference import Infer
from runtime.messages.inside import LookInside
from runtime.messages.looking import AugmentData, CountWindows, PreviewData
from runtime.messages.preparing import LearnData
from runtime.messages.profiling import ProfileData
from runtime.messages.protocol import (
    PROTOCOL_VERSION,
    EvaluatorRequest,
    FromWorker,
    ProtocolError,
    Request,
    ToWorker,
    decode_to_worker,
)
from runtime.messages.training import Train
from runtime.messages.trying import TrySample
from runtime.store import CONSOLE_FILE
from runtime.worker.data.answering.answers import (
    check_data,
    count_windows,
    describe_data,
    learn_data,
    preview_data,
    profile_data,
    recognize_data,
)
from runtime.worker.data.answering.augmented import augment_data
from runtime.worker.data.answering.peeked import peek_data
from runtime.worker.data.known.answer import get_known_set
from runtime.worker.data.opening import Sources
from runtime.worker.data.warming import Warming
from runtime.worker.process.control import CancelledError, Control, WorkerError
from runtime.worker.process.deep_stack import make_room, run_deep
from runtime.worker.process.leftovers import remove_leftovers
from runtime.worker.process.no_keras import why_no_keras
from runtime.worker.process.outbox import Outbox
from runtime.worker.process.waiting import Unit, waiting

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator

_GRACE: Final = 0.5  # seconds that a request under way gets when the engine is to end

_DataRequest = (
    RecognizeData | DescribeData | CheckData | PreviewData | AugmentData | CountWindows | ProfileData | LearnData
)
_ModelRequest = Infer | ListDevices | Export | CheckSource | LoadCode
_OVERTAKEN: Final = (Infer, TrySample, LookInside)  # a newer one of these makes an older one needless


class Worker:
    """Serves one desktop over one connection."""

    def __init__(self, connection: Connection[bytes, bytes]) -> None:
        self._connection = connection
        self._outbox = Outbox(connection)
        self._control = Control()
        self._hello: queue.SimpleQueue[Hello | None] = queue.SimpleQueue()
        self._model_requests: queue.SimpleQueue[_ModelRequest | EvaluatorRequest | Train | None] = queue.SimpleQueue()
        self._data_requests: queue.SimpleQueue[_DataRequest | Warming] = queue.SimpleQueue()
        self._newest: dict[type, int] = {}
        self._cancelled: set[int] = set()
        self._train: Train | None = None
        self._evaluator: Evaluator | None = None

    def run(self) -> int:
        """Serves until the desktop says or is gone. The exit status."""
        print_without_readers()
        make_room()
        self._listen_to_signals()
        for name, target in (("reader", self._read), ("data", self._serve_data)):
            threading.Thread(target=target, name=name, daemon=True).start()
        hello = self._hello.get()
        try:
            if hello is None:
                return 0
            if hello.version != PROTOCOL_VERSION:
                self._refuse(Text("The worker and the window are of different versions; please restart Lamella."))
                return 3
            return run_deep(partial(self._serve_models, hello))
        finally:
            self._outbox.close()

    # On the main thread

    def _listen_to_signals(self) -> None:
        """While a training runs, Ctrl-C and SIGTERM stop it gracefully; the second time they end the process."""
        if threading.current_thread() is not threading.main_thread():
            return
        previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def on_signal(number: int, _frame: object) -> None:
            first = self._train is not None and not self._control.stopped
            if first:
                self._control.stop()
            else:
                signal.signal(number, previous[signal.Signals(number)])
                os.kill(os.getpid(), number)

        for number in previous:
            signal.signal(number, on_signal)

    # On the reader thread

    def _read(self) -> None:
        try:
            while True:
                self._receive(decode_to_worker(self._connection.recv_bytes()))
        except (OSError, EOFError):
            self._end_without_desktop()
        except ProtocolError as error:
            self._refuse(Text("The worker did not understand the window: {reason}.", {"reason": str(error)}))
            self._end(4)

    def _receive(self, message: ToWorker) -> None:
        if isinstance(message, _OVERTAKEN):
            self._newest[type(message)] = message.id
        if isinstance(message, EvaluatorRequest):
            self._model_requests.put(message)
            return
        match message:
            case Hello():
                self._hello.put(message)
            case Infer() | ListDevices() | Export() | CheckSource() | LoadCode():
                self._model_requests.put(message)
            case (
                RecognizeData()
                | DescribeData()
                | CheckData()
                | PreviewData()
                | AugmentData()
                | CountWindows()
                | ProfileData()
                | LearnData()
            ):
                self._data_requests.put(message)
            case GetKnownSet():
                work = partial(get_known_set, message, self._waits_for(message))
                threading.Thread(target=self._answer, args=(message, work), name="download", daemon=True).start()
            case PeekData():  # beside other questions: to read all of it is one of them
                look = partial(peek_data, message)
                threading.Thread(target=self._answer, args=(message, look), name="peek", daemon=True).start()
            case Train():
                stay_private(Path(message.folder).parent)
                self._train = message
                self._model_requests.put(message)
            case Cancel():
                self._cancelled.add(message.id)
            case Detach():
                self._connection.close()
                raise EOFError
            case Shutdown():
                self._shut_down()
            case _:
                self._control.steer(message)

    def _shut_down(self) -> None:
        if self._train is not None:
            self._control.stop()
        else:
            self._end(0)

    def _end_without_desktop(self) -> None:
        """An engine without a desktop ends. A trainer trains on and prints into the run folder; paused, it stays so.

        Whoever finds the run can resume it through its folder.
        """
        if self._train is None:
            self._end(0)
        else:
            print_into(Path(self._train.folder) / CONSOLE_FILE)

    def _end(self, status: int) -> None:
        """Ends the process soon, whatever the main thread is doing."""
        self._hello.put(None)
        self._model_requests.put(None)
        threading.Event().wait(_GRACE)  # an idle main thread ends the process within this time
        self._outbox.close(_GRACE)
        remove_leftovers()
        os._exit(status)

    # On the data thread

    def _serve_data(self) -> None:
        sources = Sources()
        while True:
            request = self._data_requests.get()
            if isinstance(request, Warming):
                if request.go_on():
                    self._data_requests.put(request)  # behind what came meanwhile
                continue
            self._answer(request, partial(_answer_data, request, sources, self._waits_for(request)))

    # On the thread of Keras

    def _serve_models(self, hello: Hello) -> int:
        try:
            from runtime.worker.engine.models import Models
        except Exception as error:
            self._refuse(why_no_keras(error), traceback.format_exc())
            traceback.print_exc()
            return 3
        models = Models()
        if hello.role == "engine":
            models.warm_up()
        self._outbox.send(models.ready())
        if hello.role == "engine":
            self._data_requests.put(Warming())
        while (request := self._model_requests.get()) is not None:
            if isinstance(request, Train):
                return self._run_training(request)
            if isinstance(request, EvaluatorRequest):
                self._answer(request, partial(self._evaluate, request))
            else:
                self._answer(request, partial(models.answer, request, self._waits_for(request)))
        return 0

    def _evaluate(self, request: EvaluatorRequest) -> FromWorker:
        from runtime.worker.evaluating import answer
        from runtime.worker.evaluation.evaluator import Evaluator

        if self._evaluator is None:
            self._evaluator = Evaluator()
        return answer(self._evaluator, request)

    def _waits_for(self, request: Request) -> Callable[[], bool]:
        """Whether somebody still waits for the answer."""

        def waits() -> bool:
            overtaken = isinstance(request, _OVERTAKEN) and request.id != self._newest.get(type(request))
            return not overtaken and request.id not in self._cancelled

        return waits

    def _answer(self, request: Request, work: Callable[[], FromWorker]) -> None:
        """Sends the one answer of a request."""
        answer: FromWorker
        try:
            waits = self._waits_for(request)
            with waiting(waits, partial(self._tell_progress, request.id)):
                answer = work() if waits() else Cancelled(request.id)
        except CancelledError:
            answer = Cancelled(request.id)
        except WorkerError as error:
            answer = Failed(request.id, error.text, error.detail)
        except MemoryError:
            answer = Failed(request.id, Text("There is not enough memory for this."), traceback.format_exc())
        except BaseException as error:  # libraries in Rust panic with what is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            reason = f"{type(error).__name__}: {error}"
            answer = Failed(request.id, Text("The engine failed: {reason}", {"reason": reason}), traceback.format_exc())
        self._cancelled.discard(request.id)
        self._outbox.send(answer)

    def _tell_progress(self, number: int, done: int, total: int | None, unit: Unit, again: bool) -> None:
        self._outbox.send(DataProgress(number, done, total, unit, again))

    def _run_training(self, message: Train) -> int:
        from runtime.worker.training.train import train

        try:
            train(message.spec, Path(message.folder), self._control, self._outbox.send)
        except Exception as error:
            traceback.print_exc()
            reason = Text("Training failed: {reason}", {"reason": f"{type(error).__name__}: {error}"})
            self._outbox.send(RunFailed(reason, traceback.format_exc()))
            return 1
        return 0

    def _refuse(self, text: Text, detail: str = "") -> None:
        self._outbox.send(Failed(0, text, detail))


def _answer_data(request: _DataRequest, sources: Sources, waits: Callable[[], bool]) -> FromWorker:
    match request:
        case RecognizeData():
            return recognize_data(request)
        case DescribeData():
            return describe_data(request, sources)
        case CheckData():
            return check_data(request, sources, waits)
        case PreviewData():
            return preview_data(request, sources, waits)
        case AugmentData():
            return augment_data(request, sources, waits)
        case CountWindows():
            return count_windows(request, sources)
        case ProfileData():
            return profile_data(request, sources, waits)
        case LearnData():
            return learn_data(request, sources, waits)
