"""Prohibitions by work, by party, by address, one by one or by a list."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.errors import InvalidError
from provenance.attribution import contacts
from provenance.clearance.rules.addresses import covers, lies_in, located, normal
from provenance.clearance.services import evaluate_set
from provenance.consent import services
from provenance.intake.rechecking import recheck
from provenance.models import Contact, Level, Reservation, SetImage, Standing
from tests.provenance import records
from tests.provenance.rights import TERMS

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

API = "/api/v1/reservations/"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80/a", "https://example.org/a"),
        ("https://example.org:8443/a/", "https://example.org:8443/a/"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://example.org/%7Emaren", "https://example.org/~maren"),
    ],
)
def test_an_address_has_one_normal_form(written: str, kept: str) -> None:
    assert normal(written) == kept


@pytest.mark.parametrize(
    "address",
    ["", "example.org", "ftp://example.org/", "javascript:alert(1)", "https://a:b@example.org/",
     "https://example.org/?q=1", "https://example.org/#x", "https://localhost/", "https://",
     "https://[::1", "https://example.org:99999/", "https://" + "x" * 70 + ".org/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normal(address)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("http://example.org/art/1.png?size=2#x", True),
        ("https://EXAMPLE.org/art/", True),
        ("https://example.org/other/../art/1.png", True),
        ("https://example.org//art///1.png", True),
        ("http://example.org:80/art/1.png", True),
        ("https://example.org./%61rt/1.png", True),
        ("https://example.org/%2e%2e/art/1.png", True),
        ("https://example.org/art", True),
        ("https://example.org/artist/1.png", False),
        ("https://example.org/art/../secret.png", False),
        ("https://example.org/art/x/../..", False),
        ("https://example.org.evil.test/art/1.png", False),
        ("https://evil.test/https://example.org/art/", False),
        ("not an address", False),
        ("", False),
    ],
)
def test_a_prefix_covers_what_lies_below_it_and_nothing_else(address: str, inside: bool) -> None:
    assert covers(normal("https://example.org/art/"), located(address)) is inside
    assert covers(normal("https://example.org/art"), located(address)) is inside


@pytest.mark.parametrize(
    ("host", "domain", "inside"),
    [
        ("example.org", "Example.org", True),
        ("img.example.org", "example.org", True),
        ("xn--bcher-kva.example", "bücher.example", True),
        ("evilexample.org", "example.org", False),
        ("example.org", "img.example.org", False),
        ("example.org", "", False),
    ],
)
def test_a_domain_holds_its_hosts_however_it_is_written(
    host: str, domain: str, inside: bool
) -> None:
    assert lies_in(host, domain) is inside


def reserve(r: Rights, **about: object) -> Reservation:
    return services.reserve(actor=records.actor(r.studio), party=r.lantern, **about)


def decided(r: Rights) -> Standing:
    evaluate_set(image_set=r.image_set, use=r.use, subject=r.subject)
    return Standing.objects.get(pk=r.subject)


def give(r: Rights) -> None:
    services.give_grant(actor=records.actor(r.studio), party=r.lantern, terms=TERMS, works=None)


def domain(r: Rights, value: str, level: Level = Level.CONTACT_CONFIRMED) -> None:
    Contact.objects.create(party=r.lantern, kind="domain", value=value, level=level)


@pytest.mark.django_db
def test_an_address_on_ones_own_domain_stops_what_came_from_there(rights: Rights) -> None:
    domain(rights, "example.org")
    decided(rights)
    made = reserve(rights, url_prefix="http://Example.org/a", stated_on=date(2020, 1, 1))
    assert (made.url_prefix, made.stated_on) == ("https://example.org/a", date(2020, 1, 1))
    assert Standing.objects.get(pk=rights.subject).stale_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "found_at",
    [
        "http://www.example.org/art/1.png",
        "https://WWW.Example.org:443/art/1.png",
        "https://www.example.org//art/1.png?size=2",
        "https://www.example.org/x/../%61rt/1.png",
    ],
)
def test_another_way_to_write_an_address_evades_no_reservation(
    rights: Rights, found_at: str
) -> None:
    domain(rights, "example.org")
    SetImage.objects.filter(image_set=rights.image_set).update(source_url=found_at)
    give(rights)
    assert decided(rights).outcome != "blocked"
    reserve(rights, url_prefix="https://www.example.org/art")
    assert decided(rights).outcome == "blocked"


@pytest.mark.django_db
@pytest.mark.parametrize("level", [None, Level.SELF_DECLARED])
def test_an_address_on_a_domain_not_known_to_be_theirs_is_only_a_claim(
    rights: Rights, level: Level | None
) -> None:
    if level is not None:
        domain(rights, "example.org", level)
    decided(rights)
    assert reserve(rights, url_prefix="https://example.org/").pk
    assert Standing.objects.get(pk=rights.subject).stale_at is None


@pytest.mark.django_db
def test_a_claim_to_addresses_holds_up_once_the_domain_is_proved_and_no_longer_once_it_ends(
    rights: Rights, reviewer
) -> None:
    give(rights)
    reserve(rights, url_prefix="https://example.org/")
    assert decided(rights).outcome == "flagged"
    found = Contact.objects.create(party=rights.lantern, kind="domain", value="example.org")
    check = {"level": Level.DOCUMENT_CHECKED, "note": "Registered to them."}
    contacts.check_contact(actor=records.actor(reviewer), contact=found, **check)
    assert Standing.objects.get(pk=rights.subject).stale_at is not None
    assert decided(rights).outcome == "blocked"
    contacts.end_contact(actor=records.actor(rights.studio), contact=found)
    assert Standing.objects.get(pk=rights.subject).stale_at is not None
    assert decided(rights).outcome == "flagged"


@pytest.mark.django_db
def test_what_is_permitted_or_lifted_has_only_those_decided_anew_that_it_may_help(
    rights: Rights,
) -> None:
    assert decided(rights).outcome == "blocked"
    give(rights)
    assert Standing.objects.get(pk=rights.subject).stale_at is not None
    assert recheck() == 1
    assert Standing.objects.get(pk=rights.subject).outcome == "cleared"
    give(rights)
    assert Standing.objects.get(pk=rights.subject).stale_at is None
    made = reserve(rights)
    assert decided(rights).outcome == "blocked"
    services.lift_reservation(actor=records.actor(rights.studio), reservation=made)
    assert recheck() == 1
    assert Standing.objects.get(pk=rights.subject).outcome == "cleared"


@pytest.mark.django_db
def test_an_address_elsewhere_touches_nothing(rights: Rights) -> None:
    domain(rights, "example.org")
    decided(rights)
    reserve(rights, url_prefix="https://example.org/elsewhere/")
    assert Standing.objects.get(pk=rights.subject).stale_at is None


@pytest.mark.django_db
def test_what_cannot_be_reserved_is_said(rights: Rights) -> None:
    tomorrow = timezone.now().date() + timedelta(days=1)
    for about, says in [
        ({"url_prefix": "example.org"}, "https://"),
        ({"url_prefix": "https://example.org/", "work": rights.works[0]}, "not both"),
        ({"stated_on": tomorrow}, "to come"),
        ({"url_prefix": "https://example.org/" + "a" * 600}, "at most 500"),
    ]:
        with pytest.raises(InvalidError) as refusal:
            reserve(rights, **about)
        assert says in str(refusal.value)
    assert not Reservation.objects.exists()


def rows(r: Rights) -> str:
    return (
        "work,reference,url_prefix,statement,stated_on\n"
        f"{r.works[0].pk},,,No.,2021-02-03\n"
        ",L-2,,,\n"
        ",,https://example.org/,,\n"
    )


def call(r: Rights, text: str):
    file = io.BytesIO(text.encode())
    file.name = "list.csv"
    return records.client_of(r.studio).post(
        f"{API}import/", {"party": r.lantern.pk, "file": file}, format="multipart"
    )


@pytest.fixture
def listed(rights: Rights) -> Rights:
    work = rights.works[1]
    work.reference = "L-2"
    work.save()
    return rights


@pytest.mark.django_db
def test_a_list_is_imported_once_and_exported_as_odrl(listed: Rights) -> None:
    made = call(listed, rows(listed))
    assert made.status_code == 201, made.json()
    assert len(made.json()) == 3
    assert call(listed, rows(listed)).json() == []
    assert Reservation.objects.get(work=listed.works[0]).stated_on == date(2021, 2, 3)
    one = Reservation.objects.get(work=listed.works[1])
    document = records.client_of(listed.studio).get(f"{API}{one.pk}/odrl/").json()
    assert document["prohibition"][0]["target"] == [f"urn:uuid:{listed.works[1].pk}"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("work\nx\n", "Line 2: 'x' is not the id"),
        ("reference,colour\nL-2,red\n", "unknown column, 'colour'"),
        ("statement\nNo.\n", "no column of what it forbids"),
        ("reference,reference\nL-2,L-2\n", "a column twice"),
        ("reference\nL-2\nL-9\n", "Line 3: Lantern Films neither holds"),
        ("reference,url_prefix\nL-2,https://example.org/\n", "names a work and an address"),
        ("reference,statement\n,No.\n", "Line 2: it names neither"),
        ("reference,stated_on\nL-2,soon\n", "not a day"),
        ("url_prefix\nftp://example.org/\n", "Line 2"),
        ("reference\nL-2,too,many\n", "as many cells"),
        ("reference\n", "0 lines"),
        ("", "empty"),
        ('reference\n"L-2\n', "not a CSV"),
    ],
)
def test_a_bad_line_refuses_the_whole_list_and_is_named(
    listed: Rights, text: str, says: str
) -> None:
    answer = call(listed, text)
    assert answer.status_code == 400
    assert says in answer.json().get("detail", "") or says in str(answer.json())
    assert not Reservation.objects.exists()


@pytest.mark.django_db
def test_a_stranger_reserves_nothing_by_a_list(listed: Rights) -> None:
    file = io.BytesIO(rows(listed).encode())
    file.name = "list.csv"
    body = {"party": listed.lantern.pk, "file": file}
    answer = records.client_of(listed.artist).post(f"{API}import/", body, format="multipart")
    assert answer.status_code == 403
    assert not Reservation.objects.exists()
