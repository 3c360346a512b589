"""Addresses of the ledger's public pages, to be included under /ledger/."""

from django.urls import path

from ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.EntriesView.as_view(), name="entries"),
    path("<uuid:pk>/", views.EntryView.as_view(), name="entry"),
]
