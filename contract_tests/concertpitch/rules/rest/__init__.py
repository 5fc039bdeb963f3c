"""Rules for every surface in JSON over HTTP: values, errors, creates, lists and operations, whatever the resource."""

from concertpitch.rules.rest import create, envelope, freedoms, listing, operation, refusal, request, wire

__all__ = ["create", "envelope", "freedoms", "listing", "operation", "refusal", "request", "wire"]
