"""How many faults one run of the matrix may have, and what it is drawn with."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--together", type=int, default=6, help="faults that share a run at most; 1 gives each its own")
    parser.addoption("--seed", type=int, default=0, help="of the emulator and of the suite")
    parser.addoption("--version-of", action="append", default=[], help="another version of a surface: vertex=v1beta1")
