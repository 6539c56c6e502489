"""The process: python -m services.events."""

from chassis.process import main
from services.events.app import build
from services.events.settings import EventsSettings

if __name__ == "__main__":
    main(EventsSettings, build)
