"""The records of releases and downloads, a file per noun."""

from registry.models.access import AccessRequest
from registry.models.download import Acceptance, Download
from registry.models.imported import ImportedModel
from registry.models.pointer import FormerName, Label
from registry.models.recall import Cursor
from registry.models.release import Audit, Model, ReleaseFile, Revision

__all__ = [
    "Acceptance",
    "AccessRequest",
    "Audit",
    "Cursor",
    "Download",
    "FormerName",
    "ImportedModel",
    "Label",
    "Model",
    "ReleaseFile",
    "Revision",
]
