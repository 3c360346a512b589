from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import InvalidError, RefusedError
from ledger.models import Entry
from provenance.intake import services, storage
from provenance.intake.presenting import lines
from provenance.models import Ask, Image, ImageSet, Level, Party, PartyMember
from tests.provenance.records import a_set, picture

pytestmark = pytest.mark.django_db


def kinds(image_set) -> list[str]:
    entries = Entry.objects.filter(subject=f"set:{image_set.pk}").order_by("position")
    return [entry.kind for entry in entries]


def test_a_picture_is_stored_in_three_kinds_and_told_to_the_ledger(owner):
    image_set, (item,) = a_set(owner, 1)
    image = item.image
    assert storage.read("original", image.sha256) == picture(1)
    assert storage.read("normalised", image.normalised_sha256).startswith(b"\x89PNG")
    assert storage.read("thumbnail", image.normalised_sha256).startswith(b"\xff\xd8")
    assert kinds(image_set) == ["set.created", "picture.added"]


def test_the_same_bytes_twice_answer_with_the_item_that_is_there(owner):
    image_set, (item,) = a_set(owner, 1)
    again = services.add_picture(
        actor=Actor.of(owner), image_set=image_set, data=picture(1), filename="other.png"
    )
    assert again == item
    assert image_set.items.count() == 1
    assert kinds(image_set) == ["set.created", "picture.added"]


def test_a_picture_that_two_sets_show_is_kept_once(owner):
    a_set(owner, 1)
    a_set(owner, 1, name="Another")
    assert Image.objects.count() == 1


def test_a_picture_whose_files_were_lost_is_stored_again(owner):
    _image_set, (item,) = a_set(owner, 1)
    storage.path_of("thumbnail", item.image.normalised_sha256).unlink()
    a_set(owner, 1, name="Another")
    assert storage.exists("thumbnail", item.image.normalised_sha256)


def test_a_text_called_jpg_is_refused_with_a_sentence(owner):
    image_set, _ = a_set(owner)
    with pytest.raises(InvalidError, match="not a picture"):
        services.add_picture(
            actor=Actor.of(owner), image_set=image_set, data=b"hello", filename="cat.jpg"
        )
    assert not image_set.items.exists()
    assert not Image.objects.exists()


def test_a_stranger_changes_nothing_in_a_set(owner, stranger):
    image_set, (item,) = a_set(owner, 1)
    with pytest.raises(PermissionDenied):
        services.add_picture(
            actor=Actor.of(stranger), image_set=image_set, data=picture(2), filename="2.png"
        )
    with pytest.raises(PermissionDenied):
        services.remove_picture(actor=Actor.of(stranger), item=item)
    with pytest.raises(PermissionDenied):
        services.rename_set(actor=Actor.of(stranger), image_set=image_set, name="Mine")
    with pytest.raises(PermissionDenied):
        services.delete_set(actor=Actor.of(stranger), image_set=image_set)


def test_the_owner_gives_a_set_another_name_on_its_page(owner, stranger, client):
    image_set, _ = a_set(owner, 1)
    address = f"/sets/{image_set.pk}/"
    client.force_login(owner)
    assert f'action="{address}rename/"' in client.get(address).content.decode()
    client.post(address + "rename/", {"name": "Harbours"})
    assert ImageSet.objects.get().name == "Harbours"
    client.force_login(stranger)
    assert client.post(address + "rename/", {"name": "Mine"}).status_code == 404


def test_a_frozen_set_does_not_change(owner):
    image_set, (item,) = a_set(owner, 1)
    ImageSet.objects.update(frozen_at=timezone.now())
    me = Actor.of(owner)
    for change in (
        lambda: services.add_picture(
            actor=me, image_set=image_set, data=picture(2), filename="2.png"
        ),
        lambda: services.remove_picture(actor=me, item=item),
        lambda: services.rename_set(actor=me, image_set=image_set, name="New"),
        lambda: services.delete_set(actor=me, image_set=image_set),
    ):
        with pytest.raises(RefusedError, match="submitted"):
            change()
    assert image_set.items.count() == 1


def test_pictures_are_taken_out_and_the_position_is_not_given_twice(owner):
    image_set, (first, second) = a_set(owner, 1, 2)
    services.remove_picture(actor=Actor.of(owner), item=first)
    third = services.add_picture(
        actor=Actor.of(owner), image_set=image_set, data=picture(3), filename="3.png"
    )
    assert (second.position, third.position) == (1, 2)
    assert kinds(image_set)[-2:] == ["picture.removed", "picture.added"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_set_needs_a_name_of_some_length(owner, name):
    with pytest.raises(InvalidError):
        services.create_set(actor=Actor.of(owner), name=name)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\pictures\\cat.png", "cat.png"),
        ("a\x00b\n.png", "ab.png"),
        ("", "unnamed"),
    ],
)
def test_a_file_name_is_only_ever_shown(sent, shown):
    assert services.clean_filename(sent) == shown


def test_a_key_is_made_of_a_sha256_and_of_nothing_else():
    assert storage.key_of("normalised", "ab" * 32) == f"normalised/ab/ab/{'ab' * 32}.png"
    with pytest.raises(ValueError, match="sha256"):
        storage.key_of("original", "../../etc/passwd")


def test_the_list_counts_each_picture_once_however_many_were_asked(owner):
    made, _ = a_set(owner, 1, 2)
    for name in ("Lantern Films", "Quill Books"):
        party = Party.objects.create(name=name, kind="organisation")
        PartyMember.objects.create(party=party, user=owner, level=Level.DOCUMENT_CHECKED)
        Ask.objects.create(image_set=made, party=party, applicant=owner, actions=["train"])
    assert [line.pictures for line in lines(owner)] == [2]
