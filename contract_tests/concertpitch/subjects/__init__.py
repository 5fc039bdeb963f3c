"""What rules judge. Each subject carries the exchanges it was read from; its type says which rules it meets.

Rule 1: subjects hold what was said on the wire and in which order, in the words of the API; they never judge.
Rule 2: they are made in `concertpitch.reading` and nowhere else.

Here stands what any REST surface has; the folders hold what one surface has.
"""

from concertpitch.subjects.calls import Answer, Call, Unrouted
from concertpitch.subjects.creates import Aftermath, Create, FirstRead, Names
from concertpitch.subjects.credentials import Admission, Presented
from concertpitch.subjects.lists import LIST_LAG, Listed, Page, Walk
from concertpitch.subjects.operations import Operation, OperationCall, OperationChange, OperationsPage
from concertpitch.subjects.refusals import Refusal
from concertpitch.subjects.retrievals import Reads, Retrieval
from concertpitch.subjects.values import (
    SEEN,
    Boolean,
    Bytes,
    Double,
    Duration,
    Enum,
    Int32,
    Int64,
    Map,
    Message,
    Repeated,
    Seen,
    String,
    Timestamp,
)

__all__ = [
    "LIST_LAG",
    "SEEN",
    "Admission",
    "Aftermath",
    "Answer",
    "Boolean",
    "Bytes",
    "Call",
    "Create",
    "Double",
    "Duration",
    "Enum",
    "FirstRead",
    "Int32",
    "Int64",
    "Listed",
    "Map",
    "Message",
    "Names",
    "Operation",
    "OperationCall",
    "OperationChange",
    "OperationsPage",
    "Page",
    "Presented",
    "Reads",
    "Refusal",
    "Repeated",
    "Retrieval",
    "Seen",
    "String",
    "Timestamp",
    "Unrouted",
    "Walk",
]
