"""Processor time and memory of one process: none that is measured here has others."""

import psutil


def cpu_seconds(pid: int) -> float:
    """User and system time so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def resident_megabytes(pid: int) -> float:
    """What it keeps in memory now (RSS)."""
    return float(psutil.Process(pid).memory_info().rss) / 2**20
