"""What is being done, and how long does it take?"""

import sys
import time


class Progress:
    """Says on standard error what is being done, one line a step, with the seconds it took."""

    def __init__(self, out=None):
        self.out = out or sys.stderr

    def __call__(self, what, call, *args):
        self.out.write(f"{what} … ")
        self.out.flush()
        began = time.perf_counter()
        try:
            result = call(*args)
        except BaseException:
            self.out.write("stopped\n")
            raise
        self.out.write(f"{time.perf_counter() - began:.1f} s\n")
        self.out.flush()
        return result

    def note(self, words):
        """Says more of the step that is being done."""
        self.out.write(f"{words}, ")

    def count(self, done, total):
        """Says how far a long step is, in steps of five per cent; silent where there is little to do."""
        if total >= 40 and done * 20 // total > (done - 1) * 20 // total:
            self.out.write(f"{done * 100 // total}% ")
            self.out.flush()
