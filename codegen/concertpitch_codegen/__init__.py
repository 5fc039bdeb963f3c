"""Documents of an API in; OpenAPI, JSON Schema, models and clients out.

Owns the road from ``specs/`` to ``generated/``. Knows nothing of the emulator, of the contract's rules, or
of any running service.
"""
