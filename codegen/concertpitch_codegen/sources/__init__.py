"""Where documents come from, and the proof that what is committed is what upstream published."""
