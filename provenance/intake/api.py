"""REST: image sets, their pictures, what is stated of them, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.errors import InvalidError
from accounts.requests import actor_of, checked, user_of
from provenance.attribution.services import declare
from provenance.clearance.services import evaluate_set, preview
from provenance.intake import selectors, services
from provenance.intake.archive import add_file, is_archive
from provenance.intake.bodies import (
    AddressBody,
    ArchiveBody,
    DeclaredBody,
    FileBody,
    ItemBody,
    SetBody,
    StatementBody,
    VerdictBody,
)
from provenance.intake.fetching import add_from_url
from provenance.intake.tables import declare_table

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from provenance.models import ImageSet, SetImage

UPLOADED = PolymorphicProxySerializer(
    component_name="Uploaded", serializers=[ItemBody, ArchiveBody], resource_type_field_name=None
)


def sent_file(request: Request) -> tuple[bytes, str]:
    """The multipart `file` with its name; InvalidError where there is none."""
    file = request.FILES.get("file")
    if file is None:
        raise InvalidError(
            "file_missing", "There is no file in this request.", "Send it as multipart `file`."
        )
    return file.read(), file.name or ""


class SetList(generics.ListAPIView["ImageSet"]):
    """One's own sets, newest first."""

    serializer_class = SetBody

    def get_queryset(self) -> QuerySet[ImageSet]:
        return selectors.own_sets(user_of(self.request))

    @extend_schema(request=SetBody, responses={201: SetBody})
    def post(self, request: Request) -> Response:
        body = checked(SetBody(data=request.data))
        made = services.create_set(actor=actor_of(request), name=body.validated_data["name"])
        return Response(SetBody(made).data, status=status.HTTP_201_CREATED)


class SetDetail(APIView):
    """One set, for those who may see it; renamed and deleted by its owner."""

    @extend_schema(responses=SetBody)
    def get(self, request: Request, set_id: UUID) -> Response:
        found = selectors.visible_set(user_of(request), set_id)
        return Response(SetBody(found).data | {"pictures": found.items.count()})

    @extend_schema(request=SetBody, responses=SetBody)
    def patch(self, request: Request, set_id: UUID) -> Response:
        body = checked(SetBody(data=request.data))
        found = selectors.own_set(user_of(request), set_id)
        services.rename_set(
            actor=actor_of(request), image_set=found, name=body.validated_data["name"]
        )
        return self.get(request, set_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, set_id: UUID) -> Response:
        found = selectors.own_set(user_of(request), set_id)
        services.delete_set(actor=actor_of(request), image_set=found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ItemList(generics.ListAPIView["SetImage"]):
    """The pictures of a set in order; post one, or a zip file of them, as multipart `file`.

    Or post JSON with a `url`: the picture is fetched, and what its server says is kept.
    """

    serializer_class = ItemBody
    parser_classes = [MultiPartParser, FormParser, JSONParser]

    def get_queryset(self) -> QuerySet[SetImage]:
        found = selectors.visible_set(user_of(self.request), self.kwargs["set_id"])
        return selectors.items_of(found)

    @extend_schema(
        request={"multipart/form-data": FileBody, "application/json": AddressBody},
        responses={201: UPLOADED},
    )
    def post(self, request: Request, set_id: UUID) -> Response:
        found = selectors.own_set(user_of(request), set_id)
        if isinstance(request.data, dict) and "url" in request.data:
            return self._fetch(request, found)
        body = FileBody(data=request.data)
        data, name = sent_file(request)
        body.is_valid(raise_exception=True)
        taken = add_file(
            actor=actor_of(request),
            image_set=found,
            data=data,
            filename=name,
            source_url=body.validated_data["source_url"],
            collector=body.validated_data["collector"],
            max_picture=settings.INTAKE_MAX_BYTES,
        )
        if is_archive(data):
            items = [one.item for one in taken if one.item]
            answer: dict[str, Any] = ArchiveBody(
                {"accepted": items, "refused": [one for one in taken if one.item is None]}
            ).data
            return Response(answer, status=status.HTTP_201_CREATED)
        if taken[0].item is None:
            raise InvalidError(taken[0].code, taken[0].refusal)
        return Response(ItemBody(taken[0].item).data, status=status.HTTP_201_CREATED)

    def _fetch(self, request: Request, found: ImageSet) -> Response:
        body = checked(AddressBody(data=request.data))
        item = add_from_url(actor=actor_of(request), image_set=found, **body.validated_data)
        return Response(ItemBody(item).data, status=status.HTTP_201_CREATED)


class ItemDetail(APIView):
    """One picture of a set: what is stated of it is changed field by field."""

    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(responses=ItemBody)
    def get(self, request: Request, set_id: UUID, item_id: UUID) -> Response:
        return Response(ItemBody(selectors.visible_item(user_of(request), item_id)).data)

    @extend_schema(request=StatementBody, responses=ItemBody)
    def patch(self, request: Request, set_id: UUID, item_id: UUID) -> Response:
        item = selectors.own_item(user_of(request), item_id)
        body = checked(StatementBody(data=request.data))
        declare(
            actor=actor_of(request), image_set=item.image_set, changes={item.pk: body.changes()}
        )
        return self.get(request, set_id, item_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, set_id: UUID, item_id: UUID) -> Response:
        item = selectors.own_item(user_of(request), item_id)
        services.remove_picture(actor=actor_of(request), item=item)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeclarationTable(APIView):
    """A CSV of declarations; its column `path` names the pictures by their file names."""

    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": FileBody}, responses=DeclaredBody)
    def post(self, request: Request, set_id: UUID) -> Response:
        found = selectors.own_set(user_of(request), set_id)
        data, _ = sent_file(request)
        outcome = declare_table(actor=actor_of(request), image_set=found, data=data)
        return Response(DeclaredBody(outcome).data)


class SetVerdict(APIView):
    """The verdict: may this set be trained on, and the weights be given to others?"""

    @extend_schema(responses=VerdictBody)
    def get(self, request: Request, set_id: UUID) -> Response:
        """As it stands on record; else as it would be now, of which nothing is kept (no id)."""
        found = selectors.visible_set(user_of(request), set_id)
        evaluation = selectors.current_evaluation(found) or preview(**_question(found))
        return Response(VerdictBody(evaluation).data)

    @extend_schema(request=None, responses={201: VerdictBody})
    def post(self, request: Request, set_id: UUID) -> Response:
        """Decide now and put the answer on record, with a ledger entry."""
        found = selectors.visible_set(user_of(request), set_id)
        evaluation = evaluate_set(**_question(found))
        return Response(VerdictBody(evaluation).data, status=status.HTTP_201_CREATED)


def _question(image_set: ImageSet) -> dict[str, Any]:
    return {
        "image_set": image_set,
        "use": selectors.plain_use(image_set),
        "subject": selectors.subject_of(image_set),
    }
