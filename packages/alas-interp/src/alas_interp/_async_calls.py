"""Calls that an event loop awaits: each runs in a thread, and ends when the task that awaits it is cancelled."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from alas_core import Cancellation

# How many calls of an interpreter are awaited at once; others wait until one has ended.
MOST_THREADS = 64


class AsyncCalls:
    """The threads in which awaited calls of an interpreter run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    async def run(self, cancellation: Cancellation, work: Callable[[], object]) -> object:
        """Do some work in a thread, and return what it returns.

        When the awaiting task is cancelled, the calls that the work makes are stopped, and it is waited for.

        Args:
            cancellation: stops the calls.
            work: makes the calls.

        Raises:
            Exception: as the work raises it.
        """
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._executor(), context.run, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            cancellation.cancel()
            await _settle(future)
            raise

    def _executor(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="alas-call")
            return self._threads

    def close(self) -> None:
        """Let the threads end as soon as they have nothing to do. Calls that wait for one still get it."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=False)


async def _settle(future: "asyncio.Future[object]") -> None:
    """Wait until a future is done, however often the waiting task is cancelled meanwhile."""
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            continue
    if not future.cancelled():
        # Its failure, that it was stopped, is known.
        future.exception()
