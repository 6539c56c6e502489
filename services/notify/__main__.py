"""python -m services.notify"""

from chassis.process import main
from services.notify.app import build
from services.notify.settings import NotifySettings

if __name__ == "__main__":
    main(NotifySettings, build)
