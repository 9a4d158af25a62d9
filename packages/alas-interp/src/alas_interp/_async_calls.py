"""Calls that an event loop awaits: each runs in a thread, and ends when the task that awaits it is cancelled.

Every interpreter has these, and few use them: the libraries of event loops and of threads are imported when there is work.
"""

import contextvars
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from alas_core import Cancellation

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future, ThreadPoolExecutor

# How many calls of an interpreter are awaited at once; others wait until one has ended.
MOST_THREADS = 64


class AsyncCalls:
    """The threads in which awaited calls of an interpreter run; they are started when there is work, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._is_closed = False

    async def run(self, cancellation: Cancellation, work: Callable[[], object]) -> object:
        """Do some work in a thread, and return what it returns.

        When the awaiting task is cancelled, work that still waits for a thread is forgotten; the calls of any other are stopped, and
        it is waited for.

        Args:
            cancellation: stops the calls.
            work: makes the calls.

        Raises:
            RuntimeError: the threads are closed.
            Exception: as the work raises it.
        """
        import asyncio

        submitted = self._submit(contextvars.copy_context().run, work)
        future = asyncio.wrap_future(submitted)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if not submitted.cancel():
                cancellation.cancel()
                await _settle(future)
            raise

    def _submit(
        self, run: Callable[[Callable[[], object]], object], work: Callable[[], object]
    ) -> "Future[object]":
        from concurrent.futures import ThreadPoolExecutor

        # Under the lock, so that no work comes to threads that are closed meanwhile.
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the interpreter is closed; nothing can be called")
            if self._threads is None:
                self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="alas-call")
            return self._threads.submit(run, work)

    def close(self) -> None:
        """Take no more work, and let the threads end as soon as they have nothing to do. Calls that wait for one still get it."""
        with self._lock:
            threads, self._threads, self._is_closed = self._threads, None, True
        if threads is not None:
            threads.shutdown(wait=False)


async def _settle(future: "asyncio.Future[object]") -> None:
    """Wait until a future is done, however often the waiting task is cancelled meanwhile."""
    import asyncio

    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            continue
    if not future.cancelled():
        # Its failure, that it was stopped, is known.
        future.exception()
