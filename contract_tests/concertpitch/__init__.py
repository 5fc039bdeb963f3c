"""Contract suite for the tuning APIs of Google's generative models: rules, probes, verdicts and reports."""

__version__ = "0.1.0"
