"""The operator's command: it runs the whole system on one machine, and looks after one that runs."""
