"""Requests, decisions, four eyes."""
