"""What anyone may send to the pages of notify, and how often."""

from typing import Any

import pytest

from chassis.ports import new_id
from tests.support.city import City, Started
from tests.support.notify import MailServer, Neighbours, settings_around, sign_up, visit


@pytest.mark.parametrize("stranger", ["dörte", "\u017f", "\u00df"])
async def test_an_address_that_no_mail_can_be_written_to_is_refused_in_the_form(notify: Started, stranger: str) -> None:
    assert (await sign_up(notify, f"{stranger}{new_id()}@example.org")).status_code == 400


async def test_one_mail_provider_unsubscribes_all_who_ask_it_to(
    city: City, mails: MailServer, neighbours: Neighbours
) -> None:
    strict: dict[str, Any] = {"KIEZ_UNCOUNTED_NETWORKS": "", "KIEZ_POSTS_PER_MINUTE": 2}
    async with city.service("notify", **settings_around(mails, neighbours), **strict) as notify:
        for _ in range(4):
            path = f"/unsubscribe/{new_id()}"
            for _ in range(2):
                assert (await visit(notify, path, "POST")).status_code == 404
            assert (await visit(notify, path, "POST")).status_code == 429
        answers = [(await sign_up(notify, f"{new_id()}@example.org")).status_code for _ in range(3)]
        assert answers == [200, 200, 429]
