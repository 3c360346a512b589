"""Admit, queue, lease, watch, cancel a run."""
