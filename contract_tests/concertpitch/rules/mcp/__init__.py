"""Rules for the MCP surface: messages, the endpoint's doors, handshakes, tools, calls, and twins with REST."""

from concertpitch.rules.mcp import calls, credentials, doors, handshake, messages, refusals, stateless, tools, twins

__all__ = ["calls", "credentials", "doors", "handshake", "messages", "refusals", "stateless", "tools", "twins"]
