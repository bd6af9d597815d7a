"""How hypothesis works here: the same examples in every run, and nothing left in the project."""

import atexit
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

EXAMPLES = 150


def use_repeatable_profile() -> None:
    """Derandomised, without deadlines, without a database."""
    # It caches Unicode tables wherever it thinks its home is.
    home = Path(tempfile.mkdtemp(prefix="hypothesis-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    set_hypothesis_home_dir(home)
    settings.register_profile(
        "repeatable",
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=EXAMPLES,
        print_blob=False,
        # Says how fast this machine is, not whether the product is right.
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("repeatable")
