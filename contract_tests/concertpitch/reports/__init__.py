"""A result on disk and on a screen. Nothing here decides anything."""
