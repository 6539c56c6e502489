"""The process: `python -m services.actors`."""

from chassis.process import main
from services.actors.app import build
from services.actors.settings import ActorsSettings

if __name__ == "__main__":
    main(ActorsSettings, build)
