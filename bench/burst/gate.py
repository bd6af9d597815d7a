"""A limit that lets so much pass a second: who is early waits, in the order of coming."""

import simpy


class Gate:
    """One server that never rests while somebody waits; `rate` is its work a second."""

    def __init__(self, env: simpy.Environment, rate: float) -> None:
        self.rate = rate
        self._env = env
        self._free_at = 0.0
        self.passed = 0.0

    def reserve(self, amount: float) -> float:
        """When `amount` will have passed; the time itself when there is nothing to wait for."""
        self._free_at = max(self._env.now, self._free_at) + amount / self.rate
        self.passed += amount
        return self._free_at

    @property
    def queue(self) -> float:
        """Seconds until somebody who comes now would begin."""
        return max(0.0, self._free_at - self._env.now)
