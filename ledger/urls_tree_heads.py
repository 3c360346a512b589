"""Where tree heads are published for anybody, to be included under /tree-heads/."""

from django.urls import path

from ledger import views

app_name = "tree-heads"
urlpatterns = [
    path("", views.latest_tree_head, name="latest"),
    path("<int:size>/", views.tree_head, name="tree-head"),
]
