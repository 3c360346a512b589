"""Append-only entries, the outbox and its relay, the sequencer and its proofs."""
