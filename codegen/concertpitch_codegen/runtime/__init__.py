"""What all generated models and clients share. Importing this package costs nothing; import its modules."""
