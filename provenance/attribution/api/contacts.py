"""REST: a party's addresses, and answers that come through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.attribution import contacts, selectors
from provenance.attribution.api.levels import LevelField
from provenance.attribution.proofs import domain_token
from provenance.models import Contact, Party

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class ContactBody(serializers.ModelSerializer[Contact]):
    level = LevelField(read_only=True)
    warning = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = ["id", "party", "kind", "value", "level", "warning", "added_at"]
        read_only_fields = ["id", "party", "added_at"]

    def get_warning(self, contact: Contact) -> str:
        return contacts.warning(contact)


class AddedBody(serializers.ModelSerializer[Contact]):
    """Alike for an address that was there and one that was not: it tells nobody which."""

    class Meta:
        model = Contact
        fields = ["id", "kind", "value"]


class CodeBody(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=64)


class ContactCheckBody(serializers.Serializer[Any]):
    level = LevelField()
    note = serializers.CharField()


class TokenBody(serializers.Serializer[Any]):
    token = serializers.CharField()


def _contact(contact_id: UUID) -> Contact:
    return get_object_or_404(Contact.objects.select_related("party", "added_by"), pk=contact_id)


class ContactList(APIView):
    @extend_schema(responses=ContactBody(many=True), operation_id="parties_contacts_list")
    def get(self, request: Request, party_id: UUID) -> Response:
        """Addresses: for those known to speak for the party, and overseers."""
        party = get_object_or_404(Party, pk=party_id)
        shown = selectors.contacts_for(user_of(request), party)
        return Response(ContactBody(shown, many=True).data)

    @extend_schema(request=ContactBody, responses={201: AddedBody})
    def post(self, request: Request, party_id: UUID) -> Response:
        """Give an address of a party: self-declared."""
        party = get_object_or_404(Party, pk=party_id)
        body = checked(ContactBody(data=request.data))
        contact = contacts.add_contact(
            actor=actor_of(request),
            party=party,
            kind=Contact.Kind(body.validated_data["kind"]),
            value=body.validated_data["value"],
        )
        return Response(AddedBody(contact).data, status=status.HTTP_201_CREATED)


class ContactCodes(APIView):
    """Have a one-time code mailed there."""

    @extend_schema(request=None, responses={202: None})
    def post(self, request: Request, contact_id: UUID) -> Response:
        contacts.ask_for_code(actor=actor_of(request), contact=_contact(contact_id))
        return Response(status=status.HTTP_202_ACCEPTED)


class ContactAnswer(APIView):
    """Give the code back. It binds the party only where the address is on record without you."""

    @extend_schema(request=CodeBody, responses=ContactBody)
    def post(self, request: Request, contact_id: UUID) -> Response:
        body = checked(CodeBody(data=request.data))
        code = body.validated_data["code"]
        contact = _contact(contact_id)
        answered = contacts.answer_code(actor=actor_of(request), contact=contact, text=code)
        return Response(ContactBody(answered).data)


class ContactToken(APIView):
    """Your token for a domain: put it into /.well-known/imprimatur.txt there."""

    @extend_schema(responses=TokenBody)
    def get(self, request: Request, contact_id: UUID) -> Response:
        return Response({"token": domain_token(actor_of(request), _contact(contact_id))})


class ContactCheck(APIView):
    """A reviewer says how well it is known whose address it is."""

    @extend_schema(request=ContactCheckBody, responses=ContactBody)
    def post(self, request: Request, contact_id: UUID) -> Response:
        body = checked(ContactCheckBody(data=request.data))
        contact = _contact(contact_id)
        done = contacts.check_contact(
            actor=actor_of(request), contact=contact, **body.validated_data
        )
        return Response(ContactBody(done).data)


class ContactEnd(APIView):
    """The address is no longer the party's."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, contact_id: UUID) -> Response:
        contacts.end_contact(actor=actor_of(request), contact=_contact(contact_id))
        return Response(status=status.HTTP_204_NO_CONTENT)
