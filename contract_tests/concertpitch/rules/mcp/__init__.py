"""Rules for the MCP surface: messages, the endpoint's doors, handshakes, tools, calls, and twins with REST."""

from concertpitch.rules.mcp import calls, doors, handshake, messages, stateless, tools, twins

__all__ = ["calls", "doors", "handshake", "messages", "stateless", "tools", "twins"]
