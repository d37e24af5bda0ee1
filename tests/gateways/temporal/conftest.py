"""The real Temporal server of the test run."""

import pytest

from embedded.stack import Stack


@pytest.fixture
def temporal_address(stack: Stack) -> str:
    return stack.temporal_address
