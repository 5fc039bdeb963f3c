"""One module per artefact in ``generated/``. Writers know documents, never the format a document came in."""
