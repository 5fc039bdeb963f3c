"""Rules for every surface in JSON over HTTP: values, errors, creates, lists and operations, whatever the resource."""

from concertpitch.rules.rest import create, credentials, envelope, freedoms, listing, operation, refusal, request, wire

__all__ = ["create", "credentials", "envelope", "freedoms", "listing", "operation", "refusal", "request", "wire"]
