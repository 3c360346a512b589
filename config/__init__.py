"""Wires everything: settings (one file, typed environment), urls, Celery; nothing imports it."""
