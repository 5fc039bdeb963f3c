"""The MCP surface: the tuning tools over streamable HTTP, on the same store as REST."""
