"""From weights to an audited model in somebody's hands."""
