"""Why this service does not say who someone is."""

from chassis.refusals import NotFound


class PersonNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("PERSON_NOT_FOUND", "No person is kept under this reference; it may have been erased.")
