"""What the rules of the Gemini API judge: tuned models, their creation, edits, permissions and base models."""

from concertpitch.subjects.gemini.edits import SETTINGS, Deletion, Patch
from concertpitch.subjects.gemini.lists import Filtered
from concertpitch.subjects.gemini.models import (
    ENDED,
    BaseModel,
    BaseModelSameness,
    Life,
    Lookup,
    ModelChange,
    ModelSameness,
    TunedModel,
)
from concertpitch.subjects.gemini.permissions import Grant, Permission, PermissionChange, Regrant, Roster, Transfer
from concertpitch.subjects.gemini.tunings import (
    Facts,
    Kept,
    Progress,
    ProgressChange,
    Result,
    Snapshots,
    SnapshotsChange,
    Tuning,
)

__all__ = [
    "ENDED",
    "SETTINGS",
    "BaseModel",
    "BaseModelSameness",
    "Deletion",
    "Facts",
    "Filtered",
    "Grant",
    "Kept",
    "Life",
    "Lookup",
    "ModelChange",
    "ModelSameness",
    "Patch",
    "Permission",
    "PermissionChange",
    "Progress",
    "ProgressChange",
    "Regrant",
    "Result",
    "Roster",
    "Snapshots",
    "SnapshotsChange",
    "Transfer",
    "TunedModel",
    "Tuning",
]
