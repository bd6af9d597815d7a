"""What Microsoft's parser says of all queries, asked once: starting it takes seconds."""

from collections.abc import Mapping

import pytest

from tests.hypothesis_profile import use_repeatable_profile
from tests.monitoring.kql import Analysis, analysed, query_files

use_repeatable_profile()


@pytest.fixture(scope="session")
def analyses() -> Mapping[str, Analysis]:
    """By the name of the file in infra/queries."""
    return {each.query.name: each for each in analysed(query_files())}
