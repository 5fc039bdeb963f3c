"""Rules for every surface in JSON over HTTP: how values, errors and answers to any request are written."""

from concertpitch.rules.rest import credentials, envelope, request, wire

__all__ = ["credentials", "envelope", "request", "wire"]
