"""The Celery application: at most two queues, messages that only say "look" (docs/adr/0002)."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("imprimatur")
app.conf.update(
    broker_url=settings.BROKER_URL,
    task_ignore_result=True,
    task_default_queue="default",
    task_routes={
        "training.dispatch.tasks.execute": {"queue": "runs"},
        "training.dispatch.tasks.rehearse": {"queue": "runs"},
        # used only where a worker with a graphics card listens (docs/how-to-train.md)
        "training.dispatch.tasks.execute_on_gpu": {"queue": "gpu"},
        "training.dispatch.tasks.rehearse_on_gpu": {"queue": "gpu"},
    },
    task_acks_late=False,  # a lost message is found again by the sweeper; a re-run one is fenced
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"confirm_publish": True},
)
if settings.BROKER_URL.startswith("filesystem:"):
    folders = {name: settings.BROKER_DIR / name for name in ("messages", "control", "done")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    app.conf.broker_transport_options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "control_folder": str(folders["control"]),
        "processed_folder": str(folders["done"]),
        "store_processed": False,
        "polling_interval": 0.05,
    }
app.autodiscover_tasks(
    [
        ".".join(path.relative_to(settings.BASE_DIR).parent.parts)
        for path in sorted(settings.BASE_DIR.glob("*/*/tasks.py"))
    ]
)
