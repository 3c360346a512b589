"""The relay against real brokers: a folder, RabbitMQ, and a port where nobody listens."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from celery import Celery
from django.core.management import call_command
from django.db import OperationalError, transaction

from ledger import outbox, sequencer
from ledger.management.commands.relay import Command, Patience
from ledger.models import Doorbell, Leaf
from ledger.relay import Relay

RABBITMQ = os.environ.get("IMPRIMATUR_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
app = Celery("relay-tests", set_as_current=False)


def use(settings, url: str, **options: object) -> str:
    """Make the relay send through a Celery application of its own; the name of its queue."""
    queue = f"relay-tests-{uuid.uuid4().hex}"
    made = Celery("relay-tests", set_as_current=False)
    made.conf.update(broker_url=url, broker_transport_options=options, task_default_queue=queue)
    globals()["app"] = made
    settings.CELERY_APP, settings.DUE_TASKS = f"{__name__}.app", {}
    return queue


@pytest.fixture
def folder(settings, tmp_path) -> str:
    places = {"data_folder_in": str(tmp_path / "b"), "data_folder_out": str(tmp_path / "b")}
    for name in ("b", "c"):
        (tmp_path / name).mkdir()
    return use(settings, "filesystem://", control_folder=str(tmp_path / "c"), **places)


@pytest.fixture
def nobody(settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    use(settings, f"amqp://guest:secret@127.0.0.1:{port}//")


def received(queue: str) -> list[tuple[str, list[str], object]]:
    """Every message that waits: its task, its arguments and when it expires."""
    got = []
    with app.connection_for_read() as connection:
        simple = connection.SimpleQueue(queue)
        while True:
            try:
                message = simple.get(block=False)
            except simple.Empty:
                simple.queue.delete()
                simple.close()
                return got
            message.ack()
            args = message.payload[0]
            got.append((message.headers["task"], args, message.headers["expires"]))


def ring(*ids: str) -> None:
    with transaction.atomic():
        for object_id in ids:
            outbox.ring("a.task", object_id)


@pytest.mark.django_db
def test_a_round_sends_each_doorbell_once_and_numbers_the_entries(folder, write):
    write()
    ring("1", "2", "1")
    call_command("relay", "--once")
    assert [(task, args) for task, args, _ in received(folder)] == [
        ("a.task", ["1"]),
        ("a.task", ["2"]),
    ]
    assert not Doorbell.objects.exists()
    assert Leaf.objects.count() == 1


@pytest.mark.rabbitmq
@pytest.mark.django_db
def test_doorbells_reach_rabbitmq(settings):
    queue = use(settings, RABBITMQ, confirm_publish=True)
    ring("1")
    call_command("relay", "--once")
    assert [(task, args) for task, args, _ in received(queue)] == [("a.task", ["1"])]
    assert not Doorbell.objects.exists()


@pytest.mark.django_db
def test_a_bell_rung_again_while_its_message_goes_out_is_sent_again(folder, monkeypatch):
    ring("1")
    relay = Relay()
    publish = relay._publish

    def rung_meanwhile(*args, **options):
        publish(*args, **options)
        ring("1")

    monkeypatch.setattr(relay, "_publish", rung_meanwhile)
    assert relay.send() == 1
    assert Doorbell.objects.count() == 1
    monkeypatch.undo()
    assert relay.send() == 1
    assert not Doorbell.objects.exists()
    assert len(received(folder)) == 2


@pytest.mark.django_db
def test_what_is_rolled_back_rings_nothing(folder):
    with transaction.atomic():
        ring("1")
        transaction.set_rollback(True)
    assert Relay().send() == 0
    assert received(folder) == []


@pytest.mark.django_db
def test_due_tasks_are_rung_once_a_period_and_expire_with_it(folder, settings, monkeypatch):
    settings.DUE_TASKS = {"a.sweep": 5}
    clock = [100.0]
    monkeypatch.setattr("ledger.relay.time.monotonic", lambda: clock[0])
    relay = Relay()
    for now in (100.0, 104.9, 105.0):
        clock[0] = now
        relay.send()
    monkeypatch.undo()
    sweeps = received(folder)
    assert [(task, args) for task, args, _ in sweeps] == [("a.sweep", [])] * 2
    assert all(expires for _, _, expires in sweeps)


@pytest.mark.django_db
def test_a_broker_that_is_down_loses_nothing_and_does_not_stop_the_sequencer(nobody, write, caplog):
    write()
    ring("1")
    caplog.set_level(logging.WARNING, "ledger")
    call_command("relay", "--once")
    assert Doorbell.objects.count() == Leaf.objects.count() == 1
    (line,) = [record.getMessage() for record in caplog.records]
    assert "cannot be reached" in line
    assert "Doorbells are kept; next try in 1 s." in line
    assert "secret" not in line


@pytest.mark.django_db
def test_a_database_that_refuses_is_logged_and_tried_again_later(folder, monkeypatch, caplog):
    def refuse(_: str) -> int:
        raise OperationalError("gone")

    monkeypatch.setattr(sequencer, "sequence_alone", refuse)
    monkeypatch.setattr("ledger.management.commands.relay.close_old_connections", lambda: None)
    call_command("relay", "--once")
    assert "The database refused (gone): next try in 1 s." in caplog.text


def test_patience_doubles_up_to_half_a_minute_and_starts_anew_after_a_success():
    patience = Patience()
    assert patience.ready()
    assert [patience.failed() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert not patience.ready()
    patience.succeeded()
    assert patience.failed() == 1


@pytest.mark.django_db
def test_sigterm_ends_the_loop_after_the_round_and_restores_the_handler(folder, monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    rounds = []

    def round_(self) -> int:
        rounds.append(signal.raise_signal(signal.SIGTERM))
        return 1

    monkeypatch.setattr(Command, "round", round_)
    call_command("relay")
    assert len(rounds) == 1
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_process_ends_with_0_on_sigterm(tmp_path):
    """A whole process: its own SQLite database and folder broker, stopped while it runs."""
    environment = os.environ | {
        "IMPRIMATUR_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "IMPRIMATUR_BROKER_URL": "filesystem://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    root = Path(__file__).resolve().parents[2]
    manage = [sys.executable, "-W", "ignore", "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=root, env=environment, check=True)
    with subprocess.Popen([*manage, "relay"], cwd=root, env=environment) as relay:
        messages = tmp_path / "broker" / "messages"
        deadline = 600
        while not (messages.exists() and any(messages.iterdir())):  # it has rung the due tasks
            assert relay.poll() is None
            deadline -= 1
            assert deadline, "the relay rang nothing within 30 s"
            signal.sigtimedwait([], 0.05)
        relay.send_signal(signal.SIGTERM)
        assert relay.wait(timeout=20) == 0
