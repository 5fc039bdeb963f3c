"""Short hands for citing: where each kind of source is found, written once.

Pinned documents are cited by JSON pointer, conventions by section; tests check `says` against the documents.
"""

from __future__ import annotations

from concertpitch.catalogue import Cite

_SCHEMAS = "/schemas/GoogleCloudAiplatformV1"
_PROTO_MESSAGES = "/messages/google.ai.generativelanguage.v1beta."
_TUNING_JOBS = "/resources/projects/resources/locations/resources/tuningJobs"


def vertex(message: str, member: str = "", *, says: str) -> Cite:
    """A message of aiplatform v1, or one of its members, by its description."""
    where = f"{_SCHEMAS}{message}" + (f"/properties/{member}" if member else "")
    return Cite("aiplatform.v1", f"{where}/description", says)


def google(schema: str, member: str, *, says: str) -> Cite:
    """A member of a message that all Google APIs share, as aiplatform v1 prints it."""
    return Cite("aiplatform.v1", f"/schemas/Google{schema}/properties/{member}/description", says)


def method(name: str, *, says: str, part: str = "description") -> Cite:
    """A method of tuningJobs, or of its operations as `operations.get`."""
    *resources, last = name.split(".")
    path = "".join(f"/resources/{resource}" for resource in resources)
    return Cite("aiplatform.v1", f"{_TUNING_JOBS}{path}/methods/{last}/{part}", says)


def gemini(message: str, member: str = "", *, says: str) -> Cite:
    """A message of generativelanguage v1beta, or one of its members, by its comment in the protos."""
    where = f"{_PROTO_MESSAGES}{message}" + (f"/fields/{member}" if member else "")
    return Cite("generativelanguage.v1beta.protos", f"{where}/comment", says)


def gemini_method(service_method: str, *, says: str, part: str = "comment") -> Cite:
    """A method of generativelanguage v1beta, as `ModelService.CreateTunedModel`."""
    where = f"/methods/google.ai.generativelanguage.v1beta.{service_method}/{part}"
    return Cite("generativelanguage.v1beta.protos", where, says)


def gemini_enum(enum: str, value: str, *, says: str) -> Cite:
    """A value of an enum of generativelanguage v1beta, as `TunedModel.State`."""
    where = f"/enums/google.ai.generativelanguage.v1beta.{enum}/values/{value}/comment"
    return Cite("generativelanguage.v1beta.protos", where, says)


def enum_value(message: str, member: str, index: int, *, says: str) -> Cite:
    """The description of an enum value, by its position."""
    return Cite("aiplatform.v1", f"{_SCHEMAS}{message}/properties/{member}/enumDescriptions/{index}", says)


def aip(number: int, section: str, *, says: str) -> Cite:
    return Cite(f"AIP-{number}", section, says)


def protojson(section: str, *, says: str) -> Cite:
    return Cite("ProtoJSON", section, says)


def rpc(section: str, *, says: str) -> Cite:
    """google.rpc: code.proto, status.proto, error_details.proto."""
    return Cite("google.rpc", section, says)


def lro(section: str, *, says: str) -> Cite:
    return Cite("google.longrunning", section, says)


def jsonrpc(section: str, *, says: str) -> Cite:
    return Cite("JSON-RPC 2.0", section, says)


def mcp(section: str, *, says: str, revision: str = "2025-11-25") -> Cite:
    """A page of the Model Context Protocol's specification, in its newest revision that says so."""
    return Cite(f"MCP {revision}", section, says)


def tool_page(tool: str, *, says: str) -> Cite:
    """The MCP reference page of a tool of Vertex AI."""
    return Cite("MCP reference of Vertex AI", tool, says)


def records(which: str, *, says: str) -> Cite:
    """What recorded answers of the real service show."""
    return Cite("real records", which, says)


def advice(says: str) -> Cite:
    """An opinion: no clause demands it, so a rule that cites it only warns."""
    return Cite("advice", "no clause", says)
