"""REST: the base models that may be trained on here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import serializers
from rest_framework.generics import ListAPIView

from training.models import Base

if TYPE_CHECKING:
    from django.db.models import QuerySet


class BaseBody(serializers.ModelSerializer[Base]):
    class Meta:
        model = Base
        exclude = ["folder"]


class BaseList(ListAPIView[Base]):
    """Base models with their licences and what they were themselves trained on."""

    serializer_class = BaseBody

    def get_queryset(self) -> QuerySet[Base]:
        return Base.objects.all()
