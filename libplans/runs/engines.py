"""Where do the tasks of a large job run? Here, in processes beside this one, or on a Dask cluster.

A task is (name of a module's function, arguments); its result is small, what is large goes through files. The engine
decides nothing about results: they come back in the order of the tasks, so they are the same wherever they ran.
"""

import os
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_all_start_methods, get_context

from ..errors import PlanError
from ..workers import MOST, collect_seldom, crew

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")  # of libraries in a worker process
FORKS = "forkserver"
LOADED = ["distributed", "prometheus_client", "libplans.reuse.sides", "libplans.reuse.packs", "libplans.reading.plan"]


def run_task(task):
    """Run a task: (module, function, arguments)."""
    module, function, arguments = task
    return getattr(import_module(module), function)(*arguments)


def load_tasks():
    """Load what the tasks of a match need."""
    import_module("libplans.reuse.sides")


def tasks_of(function, jobs):
    """The tasks that call a module's function with the arguments of each job."""
    return [(function.__module__, function.__name__, tuple(job)) for job in jobs]


@contextmanager
def local(processes=None):
    """An engine on this machine: `run(function, jobs, progress)` gives the results in the order of the jobs.

    With one process all is done here. A process that ends from outside costs time: its task is done here.
    """
    if processes is None:
        ready = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        processes = min(ready, MOST)
    if processes < 2:
        yield _on_one_machine(lambda function, jobs, progress=None: _here(function, list(jobs), progress))
        return
    with crew(run_task, processes) as work:
        for _ in range(processes):  # they start while the files are looked at
            work(tasks_of(load_tasks, [()]))

        def run(function, jobs, progress=None):
            futures, results = [work([task]) for task in tasks_of(function, jobs)], []
            for future in futures:
                (result,) = future.result()
                if isinstance(result, Exception):
                    raise result
                results.append(result)
                if progress:
                    progress(len(results), len(futures))
            return results

        yield _on_one_machine(run)


def _on_one_machine(run):
    """Says of an engine's `run` that its tasks may write to one file, each to its own part (not over a network)."""
    run.one_machine = True
    return run


def _here(function, jobs, progress):
    results = []
    for job in jobs:
        results.append(function(*job))
        if progress:
            progress(len(results), len(jobs))
    return results


@contextmanager
def dask(scheduler=None, processes=None):
    """An engine on a Dask cluster: the one at `scheduler` (tcp://host:8786, or the path of a scheduler file), or worker
    processes on this machine.

    A worker that is lost costs time: Dask gives its tasks to another. Raises PlanError where Dask is missing or the
    scheduler does not answer.
    """
    if scheduler is None and find_spec("distributed"):
        _start_forks()
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise PlanError("--engine dask: Dask is not installed; run: pip install 'libplans[scale]'") from None
    with suppress(ImportError):
        import dask as settings

        settings.config.set({"distributed.comm.retry.count": 3, "distributed.scheduler.allowed-failures": 10})
        # Dask has workers give all memory back at once, which costs them a third of their time here
        settings.config.set({"distributed.nanny.pre-spawn-environ": dict.fromkeys(THREADS, 1)})
        settings.config.set({"distributed.worker.profile.enabled": False})  # it stops a task a hundred times a second
        if FORKS in get_all_start_methods():
            settings.config.set({"distributed.worker.multiprocessing-method": FORKS})
    cluster = None
    if scheduler is None:
        cluster = LocalCluster(n_workers=processes, threads_per_worker=1, dashboard_address=None, silence_logs=50)
    try:
        client = _client(Client, cluster or scheduler)
        try:
            first = [load_tasks, *([collect_seldom] if cluster else [])]
            loaded = [
                client.submit(call, workers=[worker], pure=False) for worker in client.nthreads() for call in first
            ]

            def run(function, jobs, progress=None):
                return _on(client, function, list(jobs), progress)

            yield _on_one_machine(run) if cluster else run
        finally:
            client.cancel(loaded)
            client.close()
    finally:
        if cluster is not None:
            cluster.close()


def _start_forks():
    """Start the process whose copies the workers of this machine will be (not on Windows): it loads Dask and what the
    tasks need once, while Dask is loaded here."""
    if FORKS in get_all_start_methods():
        from multiprocessing.forkserver import ensure_running

        get_context(FORKS).set_forkserver_preload(LOADED)
        before = dict(os.environ)
        os.environ.update(dict.fromkeys(THREADS, "1"))
        ensure_running()
        os.environ.clear()
        os.environ.update(before)


def _client(client, where):
    try:
        if isinstance(where, str) and os.path.isfile(where):
            return client(scheduler_file=where, timeout=30)
        return client(where, timeout=30)
    except (OSError, ValueError, TypeError) as error:
        raise PlanError(
            f"--scheduler {where}: no Dask scheduler answers there ({type(error).__name__}); start one: dask scheduler"
        ) from None


def _on(client, function, jobs, progress):
    """The results of a function for all jobs on a cluster, in the order of the jobs."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    futures = client.map(run_task, tasks_of(function, jobs), pure=False, retries=2, batch_size=64)
    try:
        for done, future in enumerate(as_completed(futures, loop=client.loop), 1):
            if future.status == "error":
                break
            if progress:
                progress(done, len(futures))
        return client.gather(futures)
    except KilledWorker as error:
        raise PlanError(
            f"dask: a task ended {error.allowed_failures + 1} workers (out of memory?); give each worker more memory"
        ) from None
    finally:
        client.cancel(futures)
