"""Traffic for Vertex tuningJobs."""
