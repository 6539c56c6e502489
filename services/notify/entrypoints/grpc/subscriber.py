"""SubscriberService."""

from chassis.rpc import Api, command, query
from services.notify.usecases import UseCases
from services.notify.usecases.subscriber import (
    CountSubscribers,
    EraseSubscriber,
    GetSubscriber,
    ListSubscribers,
    Subscribe,
)


def subscriber_api(do: UseCases) -> Api:
    use = do.subscribers
    return Api(
        "kiezwerk.notify.v1.SubscriberService",
        command("Subscribe", Subscribe, use.subscribe),
        query("GetSubscriber", GetSubscriber, use.get_subscriber, "subscriber"),
        query("ListSubscribers", ListSubscribers, use.list_subscribers, "subscribers"),
        query("CountSubscribers", CountSubscribers, use.count_subscribers),
        command("EraseSubscriber", EraseSubscriber, use.erase_subscriber, "subscriber"),
    )
