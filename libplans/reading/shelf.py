"""Where do the readings of a large corpus stay? In a file that has no name, but for the few used last.

So the memory of a corpus grows with its largest plan and not with their number. What stands on the shelf is the plan as
it was read, its raw text included: a file that changes afterwards changes nothing here.
"""

import os
import pickle
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping

import numpy as np

from ..normalise import characters, code_points
from .plan import Reading

LIVE = 2_000_000  # characters of the readings that stay in memory, the last one however long it is
HELD = 16_000_000  # bytes of packed readings from which they go to a file


def pack(reading):
    """A reading as bytes, little more than its raw text: offsets as runs, characters by their place in the raw text."""
    offsets, codes = reading.offsets, code_points(reading.chars)
    first = np.flatnonzero(np.diff(offsets, prepend=-2) != 1)
    other = np.flatnonzero(code_points(reading.raw)[offsets] != codes) if len(codes) else np.zeros(0, np.int64)
    runs = (first, offsets[first], len(offsets))
    held = (reading.row, reading.raw, runs, (other, codes[other]), np.diff(reading.bounds))
    columns = (reading.section, reading.kind, reading.marker, reading.sections, reading.cuts)
    return pickle.dumps((held, columns), protocol=5)


def unpack(data):
    """The reading that `pack` made these bytes of."""
    (row, raw, (first, start, size), (other, codes), sizes), columns = pickle.loads(data)
    lengths = np.diff(first, append=size)
    offsets = np.repeat(start - first, lengths) + np.arange(size)
    text = code_points(raw)[offsets] if size else np.zeros(0, np.uint32)
    text[other] = codes
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Reading(row, raw, characters(text), offsets, bounds, *columns)


class Shelf(Mapping):
    """Readings by plan: the last ones used in memory, the others packed, beyond `HELD` bytes in a temporary file.

    Where there is no room for a file they stay packed in memory. May be read from several threads and forked
    processes, and be pickled.
    """

    def __init__(self):
        self._plans, self._live, self._characters = {}, OrderedDict(), 0
        self._waiting, self._bytes = {}, 0  # packed readings in memory
        self._places, self._file, self._end = {}, None, 0  # (first byte, bytes) of those in the file
        self._owner, self._room, self._lock = os.getpid(), True, threading.RLock()

    def add(self, reading):
        """Put a reading on the shelf."""
        with self._lock:
            self._plans[reading.plan] = None
            self._use(reading.plan, reading)

    def add_packed(self, plan, data):
        """Put a reading on the shelf that is packed already."""
        with self._lock:
            self._plans[plan] = None
            self._keep(plan, data)

    def __getitem__(self, plan):
        with self._lock:
            if plan in self._live:
                self._live.move_to_end(plan)
                return self._live[plan]
            reading = unpack(self._packed(plan))
            self._use(plan, reading)
            return reading

    def __iter__(self):
        return iter(self._plans)

    def __len__(self):
        return len(self._plans)

    def __reduce__(self):
        with self._lock:
            return _shelf_of, ([(plan, self._packed(plan)) for plan in self._plans],)

    def _use(self, plan, reading):
        self._live[plan] = reading
        self._characters += len(reading.raw)
        while self._characters > LIVE and len(self._live) > 1:
            name, old = self._live.popitem(last=False)
            self._characters -= len(old.raw)
            if name not in self._waiting and name not in self._places:
                self._keep(name, pack(old))

    def _keep(self, plan, data):
        self._waiting[plan] = data
        self._bytes += len(data)
        if self._bytes > HELD and self._room and os.getpid() == self._owner:
            self._room = self._move_out()

    def _move_out(self):
        """Write what waits in memory to the file; False where there is no room for it."""
        try:
            self._file = self._file or tempfile.TemporaryFile(prefix="libplans-")
            self._file.seek(self._end)
            for plan, data in list(self._waiting.items()):
                self._file.write(data)
                self._file.flush()
                self._places[plan] = (self._end, len(data))
                self._end += len(data)
                self._bytes -= len(self._waiting.pop(plan))
        except OSError:
            return False
        return True

    def _packed(self, plan):
        if plan in self._waiting:
            return self._waiting[plan]
        if plan in self._places:
            first, size = self._places[plan]
            if hasattr(os, "pread"):
                return os.pread(self._file.fileno(), size, first)
            self._file.seek(first)
            return self._file.read(size)
        return pack(self._live[plan])


def _shelf_of(packed):
    shelf = Shelf()
    for plan, data in packed:
        shelf.add_packed(plan, data)
    return shelf
