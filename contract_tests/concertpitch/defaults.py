"""What a run uses when the user says nothing."""

SURFACES = ("vertex", "gemini", "mcp")
"""Names of the surfaces, in the order they are judged; known here so that `--help` need not read documents."""

PROJECT = "concertpitch"
LOCATION = "us-central1"
MAX_JOBS = 100
TIMEOUT = 15.0
BASE_MODEL = "gemini-2.0-flash-001"
OTHER_BASE_MODEL = "gemini-2.5-flash"
"""Asked for once, so that a base model that is always the same shows; a target need not have it."""
DATASET = "gs://cloud-samples-data/ai-platform/generative_ai/gemini-2_0/text/sft_train_data.jsonl"
TUNABLE_MODEL = "models/gemini-1.5-flash-001-tuning"
"""The base model of tuned models where none is listed as tunable."""
