"""What else the machine does while something is measured on it."""

import time

import psutil


class OtherWork:
    """Processor time of everything but the stack, whose functions host this is, and ourselves."""

    def __init__(self, host: psutil.Process) -> None:
        self._stack = host.parent() or host
        self._at, self._spent = 0.0, 0.0

    def begin(self) -> None:
        """Count from now on."""
        self._at, self._spent = time.perf_counter(), self._others()

    def cores(self) -> float:
        """How many cores were busy with it since `begin`, on average."""
        seconds = time.perf_counter() - self._at
        return max(0.0, (self._others() - self._spent) / seconds)

    def _others(self) -> float:
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)  # in user, too
        everything = sum(times) - idle - guests
        ours = [psutil.Process(), self._stack, *self._stack.children(recursive=True)]
        spent = [one.cpu_times() for one in ours]
        return float(everything - sum(each.user + each.system for each in spent))
