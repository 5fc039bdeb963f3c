"""Traffic for the Gemini API."""
