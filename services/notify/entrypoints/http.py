"""What people reach without a login: signing up, confirming, leaving, and the board of announcements."""

from starlette.routing import BaseRoute, Route

from chassis.http import LinkRoute
from chassis.pages import Pages, style
from chassis.store import Store
from services.notify.entrypoints.board import Board
from services.notify.entrypoints.sign_up import SignUp
from services.notify.usecases import UseCases


def routes(do: UseCases, store: Store, public_url: str) -> list[BaseRoute]:
    """A GET changes nothing, whoever follows the link: mail scanners do."""
    pages = Pages("services.notify", public_url)
    sign_up, board = SignUp(do.subscribers, store, pages), Board(do.announcements, pages)
    return [
        Route("/subscribe", sign_up.form, methods=["GET"]),
        Route("/subscribe", sign_up.ask, methods=["POST"]),
        Route("/confirm/{token}", sign_up.confirm_page, methods=["GET"]),
        LinkRoute("/confirm/{token}", sign_up.confirm, methods=["POST"]),
        Route("/unsubscribe/{token}", sign_up.unsubscribe_page, methods=["GET"]),
        LinkRoute("/unsubscribe/{token}", sign_up.unsubscribe, methods=["POST"]),
        Route("/announcements", board.list, methods=["GET"]),
        Route("/announcements.atom", board.feed, methods=["GET"]),
        Route("/announcements/{id}", board.show, methods=["GET"]),
        Route("/style.css", style, methods=["GET"]),
    ]
