"""Cuts the parts of old Discovery documents that lie here: python tests/codegen/history/cut.py FOLDER

`revisions.json` lists versions of google-api-python-client, each with the SHA-256 of its document; FOLDER holds
those documents as `<version>/aiplatform.v1.json`. Kept are two methods and the schemas below as they stand, but
for properties that lead to a schema that is not kept.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
METHODS = ("create", "list")
_COMMON = ("TuningJob", "ListTuningJobsResponse", "TuningDataStats", "DistillationDataStats", "DatasetStats")
SCHEMAS = {
    "v1": (
        *_COMMON, "ReinforcementLearningDataStats", "DatasetDistribution", "DatasetDistributionDistributionBucket",
        "SupervisedTuningDataStats", "SupervisedTuningDatasetDistribution", "SupervisedTuningSpec",
        "SupervisedHyperParameters", "Content", "Part",
    ),
    "v1beta1": (
        *_COMMON, "ReinforcementLearningDataStats", "DistillationSpec", "ReinforcementLearningSpec",
        "PreferenceOptimizationSpec", "EvaluationConfig", "DistillationSamplingSpec", "PipelineJob",
    ),
}  # fmt: skip


def cut(raw: dict[str, Any], version: str) -> dict[str, Any]:
    """Cut a whole document."""
    prefix = "GoogleCloudAiplatform" + version.capitalize()
    kept = {prefix + name for name in SCHEMAS[version]} & raw["schemas"].keys()
    methods = raw["resources"]["projects"]["resources"]["locations"]["resources"]["tuningJobs"]["methods"]
    jobs = {"methods": {name: methods[name] for name in METHODS}}
    return {
        **{key: raw[key] for key in ("kind", "discoveryVersion", "id", "name", "version", "revision", "title")},
        **{key: raw[key] for key in ("rootUrl", "servicePath", "ownerName")},
        "resources": {"projects": {"resources": {"locations": {"resources": {"tuningJobs": jobs}}}}},
        "schemas": {name: _cut_schema(raw["schemas"][name], kept) for name in sorted(kept)},
    }


def _cut_schema(schema: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    if "properties" not in schema:
        return schema
    return schema | {
        "properties": {name: each for name, each in schema["properties"].items() if _references(each) <= kept}
    }


def _references(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    return {value["$ref"]} if "$ref" in value else set().union(*map(_references, value.values()))


if __name__ == "__main__":
    revisions = json.loads((HERE / "revisions.json").read_text())
    for version, packages in revisions.items():
        for package in packages:
            data = (Path(sys.argv[1]) / package / f"aiplatform.{version}.json").read_bytes()
            packages[package] = hashlib.sha256(data).hexdigest()
            part = json.dumps(cut(json.loads(data), version), ensure_ascii=False, indent=1)
            (HERE / f"aiplatform.{version}.{package}.json").write_text(part + "\n")
    (HERE / "revisions.json").write_text(json.dumps(revisions, indent=2) + "\n")
