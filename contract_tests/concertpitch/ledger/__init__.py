"""The ledger of every sentence in scope: which rules judge it, or why none does. `book` assembles it."""
