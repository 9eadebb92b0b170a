"""How do two runs on one project keep out of each other's way? One waits, and says so.

The lock is the system's own (`flock` on the folder itself, `msvcrt` on a file in it on Windows): it ends with the
process that holds it, however that ends, so no stale lock can block. It binds the commands of this package, not an
editor; that a raw file was changed meanwhile is noticed by its hash.
"""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(folder, say=None):
    """Hold `folder` against another run; where one is at work, say so and wait until it has ended.

    Where the system has no locks for this folder (some network disks) it is said, and the run goes on.
    """
    say = say or sys.stderr.write
    try:
        import fcntl
    except ImportError:  # Windows
        with _alone_by_file(Path(folder) / ".lock", say):
            yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{folder}: another run of libplans is at work here; waiting for it to end\n")
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            say(f"{folder}: cannot be locked ({error.strerror}); do not start a second run here meanwhile\n")
        yield
    finally:
        os.close(handle)


@contextmanager
def _alone_by_file(path, say):
    import msvcrt

    with open(path, "a+b") as file:
        said = False
        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                break
            except OSError:
                if not said:
                    say(f"{path.parent}: another run of libplans is at work here; waiting for it to end\n")
                said = True
                time.sleep(0.5)
        try:
            yield
        finally:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
