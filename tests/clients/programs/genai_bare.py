"""google-genai without base URL or credentials of the program's own: `concertpitch judge` sets what it reads.

Project and location are said again, because the library forgets those of the environment when it has a base URL.
"""

from __future__ import annotations

import os

from common import BASE_MODEL, GOOD, TUNABLE_MODEL, tell
from google import genai
from google.genai import types

project, location = os.environ["GOOGLE_CLOUD_PROJECT"], os.environ["GOOGLE_CLOUD_LOCATION"]
vertex = genai.Client(vertexai=True, project=project, location=location)
gemini = genai.Client(vertexai=False, http_options={"api_version": "v1beta"})
job = vertex.tunings.tune(base_model=BASE_MODEL, training_dataset=types.TuningDataset(gcs_uri=GOOD))
tell(
    {
        "read": vertex.tunings.get(name=job.name).state.value,
        "listed": [each.name for each in vertex.tunings.list()] == [job.name],
        "tunable": TUNABLE_MODEL in [model.name for model in gemini.models.list()],
    }
)
