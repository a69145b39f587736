"""What a cluster keeps silent about, said in words: a master that is not there, and work that waits for a worker."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread, current_thread, main_thread
from typing import Any

from facetwise.errors import EngineError

_STANDALONE = "spark://"
_ANSWERS_IN, _LOOK_EVERY, _WAITED_LONG = 10.0, 2.0, 20.0  # seconds
_NOBODY = "Nobody answers at {} ({}). Check --master, and whether the cluster runs."
_WAITING = (
    "Spark waits for a worker: {} has given none for {:.0f} seconds. Its workers are busy, or none has the cores and the "
    "memory that are asked for (spark.executor.cores; spark.executor.memory, here {}). Ctrl-C ends the waiting."
)


def refuse_absent(master: str) -> None:
    """Raise EngineError where no master of a standalone cluster listens: Spark itself would try for a minute.

    master: any Spark master; of others than spark://host:port[,host:port] nothing is known here.
    """
    if not master.startswith(_STANDALONE):
        return
    faults = []
    for address in master.removeprefix(_STANDALONE).split(","):
        host, _, port = address.strip().rpartition(":")
        if not host or not port.isdigit() or int(port) >= 2**16:
            return  # Spark says what is wrong with it
        try:
            with socket.create_connection((host.strip("[]"), int(port)), _ANSWERS_IN):
                return
        except OSError as error:
            faults.append(error.strerror or str(error))
    raise EngineError(_NOBODY.format(master, "; ".join(dict.fromkeys(faults))))


@contextmanager
def told_of_waiting(context: Any, tell: Callable[[str], None], after: float = _WAITED_LONG) -> Iterator[None]:
    """Inside, work that has had no executor for so many seconds is told of: Spark waits for ever and says nothing.

    A busy cluster is no failure, so the work goes on waiting; it is told of again after an executor came and went.
    """
    over = Event()
    watch = Thread(target=_watch, args=(context, tell, after, over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def _watch(context: Any, tell: Callable[[str], None], after: float, over: Event) -> None:
    waited = 0.0
    with suppress(Exception):  # a Spark that ends fails where its answer is asked for, not here
        while not over.wait(_LOOK_EVERY):
            before = waited
            waited = waited + _LOOK_EVERY if _waits(context) else 0.0
            if before < after <= waited:
                tell(_WAITING.format(context.master, waited, context.getConf().get("spark.executor.memory", "1g")))


def _waits(context: Any) -> bool:
    """Whether there is work, and the driver alone to do it."""
    if not context.statusTracker().getActiveJobsIds():
        return False
    return len(context._jsc.sc().statusTracker().getExecutorInfos()) <= 1


@contextmanager
def interrupt_held_back() -> Iterator[None]:
    """Inside, Ctrl-C waits until the end of the block. A Java left half started by it would never end by itself."""
    before = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or before in (None, signal.SIG_IGN):
        yield
        return
    came = Event()
    signal.signal(signal.SIGINT, lambda *_: came.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came.is_set():
        raise KeyboardInterrupt


@contextmanager
def interrupt_given_back() -> Iterator[None]:
    """Afterwards Ctrl-C does what it did before: pyspark's own way asks a Java that is busy, or has ended."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if current_thread() is main_thread() and before is not None:
            signal.signal(signal.SIGINT, before)
