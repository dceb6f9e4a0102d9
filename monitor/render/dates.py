"""Moments and spans of days in words, local to a zone."""

from datetime import datetime
from zoneinfo import ZoneInfo


def day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b}"


def hour(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def moment(at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """Write "11 Jan 15:05", with the year when it is another one."""
    local = at.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{local.day} {local:%b}{year} {local:%H:%M}"


def full_moment(at: datetime, zone: ZoneInfo) -> str:
    """Write "11 Jan 2025, 15:05 (Warsaw)"."""
    local = at.astimezone(zone)
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return f"{local.day} {local:%b %Y, %H:%M} ({place})"


def slot_moment(at: datetime, zone: ZoneInfo) -> str:
    """Write "Sun 12 Jan 2025 18:00"."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def weekday_moment(at: datetime, zone: ZoneInfo) -> str:
    """Write "Mon 07:30"."""
    return f"{at.astimezone(zone):%a %H:%M}"


def days(first: datetime, last: datetime, zone: ZoneInfo) -> str:
    """Write "11-12 Jan", "31 Jan - 2 Feb" or "11 Jan" (with an en dash)."""
    begin, end = first.astimezone(zone), last.astimezone(zone)
    if begin.date() == end.date():
        return day(last, zone)
    if (begin.year, begin.month) == (end.year, end.month):
        return f"{begin.day}–{end.day} {end:%b}"
    return f"{day(first, zone)} – {day(last, zone)}"
