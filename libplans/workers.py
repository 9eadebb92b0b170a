"""How are many files read at once? In processes beside this one, in the order of the files.

Each is a plain `python` that takes jobs on its standard input and answers on its standard output: nothing is asked of
the script or notebook that calls. A process that ends from outside costs time: its files are read here.
"""

import gc
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event, local

BATCH = 8  # files that a process is given at a time
FEW_FILES, FEW_BYTES = 24, 3_000_000  # up to which the start of a process costs more than it saves
MOST = 8  # processes at the most
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from importlib import import_module; "
    "from libplans.workers import serve; serve(getattr(import_module(sys.argv[2]), sys.argv[3]))"
)


def in_processes(call, jobs, processes):
    """The results of `call(job)` for all jobs, in their order; `call` is a function of a module, jobs can be pickled.

    What `call` raises is raised here, for the first job that it befell. With fewer than two processes all is done here.
    """
    if processes < 2:
        yield from map(call, jobs)
        return
    with crew(call, processes) as work:
        waiting, jobs = deque(), iter(jobs)
        while True:
            while len(waiting) < 2 * processes and (batch := _batch(jobs)):
                waiting.append(work(batch))
            if not waiting:
                return
            for result in waiting.popleft().result():
                if isinstance(result, Exception):
                    raise result
                yield result


def processes_for(sizes):
    """How many processes are worth starting for files of these sizes (bytes)."""
    if len(sizes) <= FEW_FILES or sum(sizes) <= FEW_BYTES or not sys.executable:
        return 1
    ready = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(ready, MOST, len(sizes) // BATCH)


def _batch(jobs):
    return [job for _, job in zip(range(BATCH), jobs, strict=False)]


@contextmanager
def threads_beside(threads):
    """A pool of threads for what runs beside this one; not waited for where this one is broken off."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


@contextmanager
def crew(call, processes):
    """`work(batch)` -> Future of the list of results (or exceptions), while the processes are there."""
    own, started, ended = local(), [], Event()

    def work(batch):
        if not hasattr(own, "process"):
            own.process = _start(call)
            started.append(own.process)
        try:
            _send(own.process.stdin, batch)
            return _receive(own.process.stdout)
        except (OSError, EOFError, ValueError, pickle.PickleError):
            if ended.is_set():  # nobody waits for it any more
                raise
            return _results(call, batch)

    pool = ThreadPoolExecutor(processes)
    try:
        yield lambda batch: pool.submit(work, batch)
    finally:
        ended.set()
        for process in started:
            process.kill()
        pool.shutdown(cancel_futures=True)
        for process in started:
            with suppress(OSError):
                process.stdin.close()
            process.stdout.close()
            process.wait()


def _start(call):
    command = [sys.executable, "-c", _START, json.dumps(list(map(str, sys.path))), call.__module__, call.__name__]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def collect_seldom():
    """Have Python look for circles of objects seldom: a task makes many objects and no circles, and looking for some
    takes a sixth of its time. For processes of our own only."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def serve(call):
    """Answer jobs on standard input until it ends (the other side of `in_processes`)."""
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        while True:
            _send(out, _results(call, _receive(sys.stdin.buffer)))
    except (EOFError, BrokenPipeError):
        os._exit(0)


def _results(call, batch):
    """The results up to the first that fails, which is given as its exception."""
    results = []
    for job in batch:
        try:
            results.append(call(job))
        except Exception as error:
            return [*results, error]
    return results


def _send(stream, value):
    data = pickle.dumps(value, protocol=5)
    stream.write(struct.pack("<Q", len(data)) + data)
    stream.flush()


def _receive(stream):
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    size = struct.unpack("<Q", head)[0]
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)
