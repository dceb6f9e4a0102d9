"""What a server asks of its clients: when to come again."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)  # whatever a server wishes, a day later it is asked again
_SECONDS = re.compile(r"[0-9]+")
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]+)", re.IGNORECASE)


def retry_after(value: str, *, now: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110 §10.2.3), at most a day; None for the past and for junk."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return _seconds(value)
    try:
        until = parsedate_to_datetime(value)
        wish = until.replace(tzinfo=until.tzinfo or UTC) - now
    except (ValueError, OverflowError, TypeError):
        return None
    return min(wish, LONGEST) if wish > timedelta(0) else None


def max_age(cache_control: str) -> timedelta | None:
    """`Cache-Control: max-age` (RFC 9111 §5.2.2.1), at most a day."""
    found = _MAX_AGE.search(cache_control)
    return _seconds(found.group(1)) if found else None


def _seconds(digits: str) -> timedelta | None:
    if len(digits) > len("86400"):
        return LONGEST if digits.strip("0") else None
    wish = timedelta(seconds=int(digits))
    return min(wish, LONGEST) or None
