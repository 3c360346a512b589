"""REST: works and licences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import generics, serializers

from accounts.requests import user_of
from provenance.attribution import selectors
from provenance.attribution.api.levels import LevelField
from provenance.attribution.api.parties import PartyBody
from provenance.models import (
    Licence,
    LicenceClaim,
    TitleLink,
    Work,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


class HoldingBody(serializers.ModelSerializer[TitleLink]):
    level = LevelField()
    party_name = serializers.CharField(source="party.name")

    class Meta:
        model = TitleLink
        fields = ["party", "party_name", "kind", "level"]


class ClaimBody(serializers.ModelSerializer[LicenceClaim]):
    class Meta:
        model = LicenceClaim
        fields = ["licence", "licensor", "credit_line", "source_url"]


class WorkBody(serializers.ModelSerializer[Work]):
    creators = PartyBody(many=True)
    holdings = serializers.SerializerMethodField()
    licence_claims = ClaimBody(many=True)

    class Meta:
        model = Work
        fields = ["id", "title", "reference", "source", "creators", "holdings", "licence_claims"]

    def get_holdings(self, work: Work) -> list[dict[str, Any]]:
        live = [holding for holding in work.title_links.all() if holding.ended_at is None]
        return list(HoldingBody(live, many=True).data)


class LicenceBody(serializers.ModelSerializer[Licence]):
    class Meta:
        model = Licence
        fields = [
            "code",
            "name",
            "url",
            "training",
            "commercial",
            "derivatives",
            "attribution",
            "share_alike",
            "note",
            "kind",
            "version",
            "reading",
        ]


class WorkList(generics.ListAPIView["Work"]):
    """Protected works, one's own, and those of parties that one speaks for."""

    serializer_class = WorkBody

    def get_queryset(self) -> QuerySet[Work]:
        works = selectors.visible_works(user_of(self.request))
        search = self.request.query_params.get("search", "").strip()
        return works.filter(title__icontains=search) if search else works


class WorkDetail(generics.RetrieveAPIView["Work"]):
    """One work with its creators, holders and licences."""

    serializer_class = WorkBody
    lookup_url_kwarg = "work_id"

    def get_queryset(self) -> QuerySet[Work]:
        return selectors.visible_works(user_of(self.request))


class LicenceList(generics.ListAPIView["Licence"]):
    """The licences known here, and how this site reads each."""

    serializer_class = LicenceBody
    queryset = Licence.objects.all()
