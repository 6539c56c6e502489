"""python -m services.funds: the process."""

from chassis.process import main
from services.funds.app import build
from services.funds.settings import FundsSettings

if __name__ == "__main__":
    main(FundsSettings, build)
