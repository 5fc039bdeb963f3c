"""The tools: what `tools/list` says of each, and what a call of it does.

Source of names, inputs and hints: the MCP reference pages of Vertex AI. A tool does what the method of REST v1
does, on the same store. It must not know JSON-RPC or HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from concertpitch_emulator.mcp import arguments, schemas
from concertpitch_emulator.vertex.calls import Call

if TYPE_CHECKING:
    from concertpitch_emulator.vertex.operations import OperationsService
    from concertpitch_emulator.vertex.service import TuningService

_VERSION = "v1"
_LOOKS = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
_STOPS = {**_LOOKS, "readOnlyHint": False}
_JOB_NAME = (
    "Required. The name of the tuning job. Format: projects/{project}/locations/{location}/tuningJobs/{tuning_job}"
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. `query` names the arguments that are query parameters at REST."""

    name: str
    title: str
    description: str
    method: str
    handler: Callable[[Call], dict[str, Any]]
    subject: arguments.Name
    inputs: dict[str, dict[str, str]]
    output: dict[str, Any]
    hints: dict[str, bool] = field(default_factory=_LOOKS.copy)

    @property
    def input_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": self.inputs,
            "required": [self._subject_argument],
            "additionalProperties": False,
        }

    def described(self) -> dict[str, Any]:
        """The tool as `tools/list` shows it."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.input_schema,
            "outputSchema": self.output,
            "annotations": {"title": self.title, **self.hints},
        }

    def call(self, given: dict[str, Any], service: TuningService) -> dict[str, Any]:
        """What REST v1 would answer; raises `ApiError` with what it would refuse."""
        argument = self._subject_argument
        path = self.subject.parts(argument, given[argument])
        query = {name: str(value) for name, value in given.items() if name != argument and value is not None}
        return self.handler(Call(self.method, _VERSION, path, query, b"", service.clock(), service))

    @property
    def _subject_argument(self) -> str:
        return next(iter(self.inputs))


def tools(jobs: TuningService, operations: OperationsService) -> dict[str, Tool]:
    """The tools of the tuning toolset by name, in the order of the published table.

    The sample calls of the reference pages post to `/mcp/generate`, the toolset table names `/mcp/tuning`: both serve
    all of them.
    """
    table = [
        Tool(
            "list_tuning_jobs",
            "List tuning jobs",
            "Lists the tuning jobs of a project in a location, page by page.",
            "tuningJobs.list",
            jobs.list_jobs,
            arguments.PARENT,
            {
                "parent": {
                    "type": "string",
                    "description": "Required. Format: projects/{project}/locations/{location}",
                },
                "filter": {"type": "string", "description": "Optional. The standard list filter."},
                "pageSize": {"type": "integer", "description": "Optional. The standard list page size."},
                "pageToken": {"type": "string", "description": "Optional. The token of the previous answer."},
            },
            schemas.output("GoogleCloudAiplatformV1ListTuningJobsResponse"),
        ),
        Tool(
            "get_tuning_job",
            "Get a tuning job",
            "Retrieves everything that is known of one tuning job, its state included.",
            "tuningJobs.get",
            jobs.get,
            arguments.JOB,
            {"name": {"type": "string", "description": _JOB_NAME}},
            schemas.output("GoogleCloudAiplatformV1TuningJob"),
        ),
        Tool(
            "cancel_tuning_job",
            "Cancel a tuning job",
            "Asks a tuning job to stop. It may end in another way all the same.",
            "tuningJobs.cancel",
            jobs.cancel,
            arguments.JOB,
            {"name": {"type": "string", "description": _JOB_NAME}},
            schemas.empty(),
            _STOPS,
        ),
        Tool(
            "get_operation",
            "Get an operation",
            "Retrieves the state of a long-running operation.",
            "operations.get",
            operations.get,
            arguments.OPERATION,
            {"name": {"type": "string", "description": "Required. The name of the operation."}},
            schemas.output("GoogleLongrunningOperation"),
        ),
    ]
    return {tool.name: tool for tool in table}
