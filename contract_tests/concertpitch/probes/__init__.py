"""What is sent, one folder per surface; `campaigns` says in which order. Nothing here sees rules or verdicts."""
