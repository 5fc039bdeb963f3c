"""Vertex AI `tuningJobs` at v1 and v1beta1, over one store."""
