"""Traffic for the MCP tools."""
