"""The records of requests and runs, a file per noun."""

from training.models.base import Base
from training.models.rehearsal import Rehearsal
from training.models.request import Decision, Manifest, Request
from training.models.run import AuditPicture, Run, RunPoint, Sample

__all__ = [
    "AuditPicture",
    "Base",
    "Decision",
    "Manifest",
    "Rehearsal",
    "Request",
    "Run",
    "RunPoint",
    "Sample",
]
