"""Writes the dashboards in deploy/grafana/dashboards/, or checks them: `python -m tools.dashboards [--check]`."""
