"""What sets, pictures and declarations look like in the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from provenance.attribution.rules import Shown
from provenance.attribution.selectors import statement_of
from provenance.intake.custody import history
from provenance.intake.metadata.embedded import STRICTEST_FIRST
from provenance.intake.selectors import signals_about
from provenance.models import CustodyEntry, Evaluation, ImageSet, SetImage, Work


class SetBody(serializers.ModelSerializer[ImageSet]):
    """A set; `pictures` is their number."""

    pictures = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = ImageSet
        fields = ["id", "name", "created_at", "frozen_at", "pictures"]
        read_only_fields = ["created_at", "frozen_at"]


class FingerprintBody(serializers.Serializer[Any]):
    """What a picture looks like, in codes."""

    version = serializers.CharField(source="fingerprint_version")
    pdq = serializers.CharField()
    phash = serializers.CharField()
    quality = serializers.IntegerField(help_text="PDQ quality, 0 to 100; below 50 is too flat.")


class ShownBody(serializers.Serializer[Any]):
    """Somebody who can be recognised: a party's id, or a name; neither: nobody knows who."""

    name = serializers.CharField(max_length=200, allow_blank=True, required=False, default="")
    party = serializers.CharField(max_length=36, allow_blank=True, required=False, default="")
    minor = serializers.BooleanField(required=False, default=False)


class StatementBody(serializers.Serializer[Any]):
    """What is stated of a picture; nothing of it is checked. Absent fields stay as they are."""

    title = serializers.CharField(max_length=300, allow_blank=True, required=False)
    creators = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    holders = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    licence = serializers.CharField(max_length=60, allow_blank=True, required=False)
    credit_line = serializers.CharField(max_length=300, allow_blank=True, required=False)
    source_url = serializers.CharField(max_length=500, allow_blank=True, required=False)
    collector = serializers.CharField(max_length=200, allow_blank=True, required=False)
    evidence = serializers.CharField(max_length=36, allow_blank=True, required=False)
    reference = serializers.CharField(max_length=200, allow_blank=True, required=False)
    made_by = serializers.ChoiceField(choices=Work.Source.choices, required=False)
    persons = serializers.ChoiceField(choices=SetImage.Persons.choices, required=False)
    persons_shown = ShownBody(many=True, required=False)
    warranted = serializers.BooleanField(required=False)

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, as `attribution.services.declare` takes them.

        An HTML form cannot leave a box or a list out, so what it does not send stays as it is.
        """
        data: dict[str, Any] = dict(self.validated_data)
        if hasattr(self.initial_data, "getlist"):
            for name in ("warranted", "persons_shown"):
                if name not in self.initial_data:
                    data.pop(name, None)
        if "persons_shown" in data:
            data["persons_shown"] = [Shown(**one) for one in data["persons_shown"]]
        return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}


class SignalBody(serializers.Serializer[Any]):
    """One statement about training, as it was read."""

    source = serializers.CharField(  # type: ignore[assignment]  # a field, not DRF's attribute
        help_text='Such as "xmp:plus:DataMining".'
    )
    quote = serializers.CharField()
    training = serializers.ChoiceField(choices=STRICTEST_FIRST)


class EmbeddedBody(serializers.Serializer[Any]):
    """What a file says about itself; nothing of it is checked. Empty: it does not say."""

    creators = serializers.ListField(child=serializers.CharField())
    owners = serializers.ListField(child=serializers.CharField())
    licensors = serializers.ListField(child=serializers.CharField())
    persons = serializers.ListField(child=serializers.CharField())
    artworks = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        help_text="Works that the picture shows besides.",
    )
    credit_line = serializers.CharField()
    copyright_notice = serializers.CharField()
    usage_terms = serializers.CharField()
    web_statement = serializers.CharField()
    marked = serializers.CharField()
    digital_source_type = serializers.CharField()
    model_release = serializers.CharField()
    property_release = serializers.CharField()
    minor_age = serializers.CharField()
    unreadable = serializers.ListField(child=serializers.CharField())


class CustodyBody(serializers.ModelSerializer[CustodyEntry]):
    """One hand through which a copy went."""

    class Meta:
        model = CustodyEntry
        fields = ["kind", "who", "source_url", "on", "note", "recorded_at"]
        read_only_fields = ["kind", "recorded_at"]


class ItemBody(serializers.ModelSerializer[SetImage]):
    """A picture in a set: its bytes, its looks, and what is stated of it."""

    sha256 = serializers.CharField(source="image.sha256")
    normalised_sha256 = serializers.CharField(source="image.normalised_sha256")
    format = serializers.CharField(source="image.format")
    width = serializers.IntegerField(source="image.width")
    height = serializers.IntegerField(source="image.height")
    fingerprints = FingerprintBody(source="image")
    opt_outs = serializers.SerializerMethodField(
        help_text="What the file, and the server it was fetched from, say about training, "
        "strictest first; null: not read."
    )
    embedded = serializers.SerializerMethodField(
        help_text="What the file says about its maker, owner and rights; null: not read."
    )
    statement = serializers.SerializerMethodField()
    custody = serializers.SerializerMethodField(help_text="The hands it went through, in order.")

    class Meta:
        model = SetImage
        fields = [
            "id",
            "image_set",
            "position",
            "filename",
            "sha256",
            "normalised_sha256",
            "format",
            "width",
            "height",
            "fingerprints",
            "opt_outs",
            "embedded",
            "work",
            "statement",
            "custody",
        ]

    @extend_schema_field(SignalBody(many=True, allow_null=True))
    def get_opt_outs(self, item: SetImage) -> list[dict[str, str]] | None:
        return signals_about(item) if item.image.embedded else None

    @extend_schema_field(EmbeddedBody(allow_null=True))
    def get_embedded(self, item: SetImage) -> dict[str, Any] | None:
        return EmbeddedBody(item.image.embedded).data if item.image.embedded else None

    @extend_schema_field(StatementBody)
    def get_statement(self, item: SetImage) -> dict[str, Any]:
        return asdict(statement_of(item))

    @extend_schema_field(CustodyBody(many=True))
    def get_custody(self, item: SetImage) -> list[dict[str, Any]]:
        return list(CustodyBody(history(item), many=True).data)


class RefusedFile(serializers.Serializer[Any]):
    """Why a file of an archive was not taken."""

    filename = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField(source="refusal")


class ArchiveBody(serializers.Serializer[Any]):
    """What became of each file of an archive."""

    accepted = ItemBody(many=True)
    refused = RefusedFile(many=True)


class DeclaredBody(serializers.Serializer[Any]):
    """Which pictures a table was applied to."""

    declared = serializers.IntegerField()
    unnamed = serializers.ListField(
        child=serializers.CharField(), help_text="Pictures that the table does not name."
    )


class FileBody(serializers.Serializer[Any]):
    """An upload, and how its files came here."""

    file = serializers.FileField()
    source_url = serializers.CharField(max_length=500, required=False, default="")
    collector = serializers.CharField(max_length=200, required=False, default="")


class AddressBody(serializers.Serializer[Any]):
    """The address of a picture that is to be fetched."""

    url = serializers.CharField(max_length=500)
    collector = serializers.CharField(max_length=200, required=False, default="")


class VerdictBody(serializers.ModelSerializer[Evaluation]):
    """The decision, with every reason; `pictures` is the outcome of each by its id."""

    class Meta:
        model = Evaluation
        fields = ["id", "outcome", "findings", "pictures", "policy_version", "evaluated_at"]
