"""One stack for all tests of containers, and their order: first what is as it came, last what takes everything down."""

from collections.abc import Iterator

import pytest

from tests.compose.stack import Stack, a_stack

ORDER = (
    "test_images",
    "test_access",
    "test_demo",
    "test_story",
    "test_observability",
    "test_replicas",
    "test_drill",
    "test_renewal",
    "test_cluster",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("timeout") is None:
            # The first one waits for the stack to be built.
            item.add_marker(pytest.mark.timeout(900))
    items.sort(key=lambda item: ORDER.index(item.path.stem) if item.path.stem in ORDER else -1)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with a_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
