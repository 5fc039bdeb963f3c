"""What the rules of the MCP surface judge."""

from concertpitch.subjects.mcp.doors import Afterlife, Foreign, Knock, Outsider, SessionId, Sessionless, StrangeRevision
from concertpitch.subjects.mcp.messages import Batch, Discovery, Handshake, Malformed, Notice, Turn
from concertpitch.subjects.mcp.revisions import BATCHING, HANDSHAKE, NEWEST_HANDSHAKE, STATELESS, STRUCTURED
from concertpitch.subjects.mcp.tools import NextPage, Tool, ToolCall, ToolList, Toolsets, ToolWalk
from concertpitch.subjects.mcp.twins import (
    Bystander,
    CancelTwin,
    EndedTwin,
    FilterTwin,
    JobTwin,
    ListedTwin,
    ListTwin,
    OperationTwin,
    Reach,
    TokenTwin,
    Touched,
)

__all__ = [
    "BATCHING",
    "HANDSHAKE",
    "NEWEST_HANDSHAKE",
    "STATELESS",
    "STRUCTURED",
    "Afterlife",
    "Batch",
    "Bystander",
    "CancelTwin",
    "Discovery",
    "EndedTwin",
    "FilterTwin",
    "Foreign",
    "Handshake",
    "JobTwin",
    "Knock",
    "ListTwin",
    "ListedTwin",
    "Malformed",
    "NextPage",
    "Notice",
    "OperationTwin",
    "Outsider",
    "Reach",
    "SessionId",
    "Sessionless",
    "StrangeRevision",
    "TokenTwin",
    "Tool",
    "ToolCall",
    "ToolList",
    "ToolWalk",
    "Toolsets",
    "Touched",
    "Turn",
]
