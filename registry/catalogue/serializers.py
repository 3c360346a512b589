"""Models and revisions as the API shows them."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.models import Audit, ReleaseFile, Revision
from registry.release.selectors import latest_audit, may_read_whole


class ModelBody(serializers.ModelSerializer[Revision]):
    """A model by the revision that `main` points to."""

    id = serializers.CharField(source="model.__str__", read_only=True)
    owner = serializers.CharField(source="model.owner.username", read_only=True)
    name = serializers.CharField(source="model.name", read_only=True)
    gated = serializers.SerializerMethodField()
    revision = serializers.UUIDField(source="pk", read_only=True)

    class Meta:
        model = Revision
        fields = ["id", "owner", "name", "gated", "licence", "state", "revision", "commit",
                  "released_at"]  # fmt: skip

    def get_gated(self, revision: Revision) -> bool:
        return bool(revision.terms)


class ReleasedFileBody(serializers.ModelSerializer[ReleaseFile]):
    class Meta:
        model = ReleaseFile
        fields = ["path", "size", "sha256"]


class AuditBody(serializers.ModelSerializer[Audit]):
    """What everybody may read of an audit.

    `signed` is JSON text with outcomes and figures; the signature (Ed25519) by the release key is
    over it. `report` is whole for the model's owner and for those who oversee, else null.
    """

    signed = serializers.CharField(source="summary", read_only=True)
    signature = serializers.SerializerMethodField()
    report = serializers.SerializerMethodField()

    class Meta:
        model = Audit
        fields = ["outcome", "made_at", "signed", "signature", "report"]

    @extend_schema_field(serializers.DictField(child=serializers.CharField(), allow_null=True))
    def get_signature(self, audit: Audit) -> dict[str, str] | None:
        return json.loads(audit.signature) if audit.signature else None

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_report(self, audit: Audit) -> dict[str, Any] | None:
        return audit.report if may_read_whole(self.context.get("actor"), audit.revision) else None


class RevisionBody(serializers.ModelSerializer[Revision]):
    """One revision with its files and its newest audit; a card only while it may be served."""

    model = serializers.CharField(source="model.__str__", read_only=True)
    run = serializers.UUIDField(source="run_id", read_only=True)
    files = ReleasedFileBody(many=True, read_only=True)
    audit = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()

    class Meta:
        model = Revision
        fields = ["id", "model", "run", "state", "commit", "licence", "terms", "created_at",
                  "released_at", "ended_at", "ended_reason", "labels", "deprecated_at",
                  "deprecated_reason", "successor", "files", "audit", "card"]  # fmt: skip

    def get_labels(self, revision: Revision) -> list[str]:
        return [label.name for label in revision.labels.all()]

    @extend_schema_field(AuditBody(allow_null=True))
    def get_audit(self, revision: Revision) -> dict[str, Any] | None:
        audit = latest_audit(revision)
        return dict(AuditBody(audit, context=self.context).data) if audit is not None else None


class ModelDetailBody(ModelBody):
    """A model with all its revisions that you may see."""

    revisions = serializers.SerializerMethodField()

    class Meta(ModelBody.Meta):
        fields = [*ModelBody.Meta.fields, "revisions"]

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_revisions(self, revision: Revision) -> list[dict[str, Any]]:
        seen = self.context["history"]
        return [
            {"id": str(r.pk), "commit": r.commit, "state": r.state, "released_at": r.released_at}
            for r in seen
        ]


class ReasonBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class ModelTermsBody(serializers.Serializer[Any]):
    terms = serializers.CharField(read_only=True)
    sha256 = serializers.CharField(read_only=True)
    accepted = serializers.BooleanField(read_only=True)


class AcceptBody(serializers.Serializer[Any]):
    terms_sha256 = serializers.CharField(max_length=64)
