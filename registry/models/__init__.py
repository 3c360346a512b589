"""The records of releases and downloads, a file per noun."""

from registry.models.download import Acceptance, Download
from registry.models.recall import Cursor
from registry.models.release import Audit, Model, ReleaseFile, Revision

__all__ = ["Acceptance", "Audit", "Cursor", "Download", "Model", "ReleaseFile", "Revision"]
