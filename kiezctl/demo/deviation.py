"""A deviation: the system did something else than the story says."""

from kiezctl.trouble import Trouble


class Deviation(Trouble):
    """Ends the demonstration with exit code 1; names the step, what was to be and what was."""
