"""Job 4: one message at a time to its recipient, and what became of it."""

from datetime import datetime, timedelta

from monitor.beds import Delivery
from monitor.config import Target
from monitor.model import DeliveryError, Outcome, Receipt
from monitor.pipeline.ports import Outbox

LEASE = timedelta(minutes=15)  # longer than any attempt
LIFETIME = timedelta(days=3)  # of a message that is refused for a while
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 60, 180, 360))


def settle(
    delivery: Delivery, outcome: Outcome, target: Target | None, *, outbox: Outbox, at: datetime
) -> None:
    """Write an attempt's end, and when there is to be another."""
    outbox.settle(
        delivery.message.id, outcome, at=at, next_try=next_try(delivery, outcome, target, at=at)
    )


def next_try(
    delivery: Delivery, outcome: Outcome, target: Target | None, *, at: datetime
) -> datetime | None:
    """Give the time of the next attempt; None when there is none by itself.

    A refusal for good ends it; a refusal for now is tried again for `LIFETIME`; an unknown end is
    repeated once, marked as a possible repeat, after the target's pause.
    """
    match outcome:
        case Receipt() | DeliveryError(kind="permanent"):
            return None
        case DeliveryError(kind="unknown"):
            if delivery.message.possible_repeat or target is None:
                return None
            return at + target.repeat_unknown_after
        case DeliveryError():
            if at - delivery.created >= LIFETIME:
                return None
            return at + BACK_OFF[min(delivery.attempts, len(BACK_OFF) - 1)]
