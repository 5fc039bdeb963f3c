"""What changed between two revisions of an API, and for whom it breaks what (AIP-180)."""
