"""`python -m concertpitch` is the command line."""

from concertpitch.cli import main

main(prog_name="concertpitch")
