"""How many faults one run of the matrix may have."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--together", type=int, default=6, help="faults that share a run at most; 1 gives each its own")
