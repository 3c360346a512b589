"""Home, dashboards and pages that show several apps; health and doctor."""
