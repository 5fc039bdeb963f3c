"""Lies at the MCP surface."""

from concertpitch_emulator.faults.mcp import calls, doors, messages, stateless, tools, twins

FAULTS = [fault for family in (messages, doors, stateless, tools, calls, twins) for fault in family.FAULTS]
