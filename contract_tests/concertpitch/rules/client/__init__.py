"""Rules for clients: what they send, and how they read what comes back. No target is judged by them."""

from concertpitch.rules.client import reading, requests

__all__ = ["reading", "requests"]
