"""Makes hypothesis repeat the same examples."""

from tests.hypothesis_profile import use_repeatable_profile

use_repeatable_profile()
