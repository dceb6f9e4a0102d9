"""A made-up event, so that a target can be looked at before there is news."""

from datetime import datetime, timedelta
from decimal import Decimal

from monitor.model import (
    Digest,
    DocumentId,
    EventId,
    FigureLine,
    Item,
    Kind,
    Observation,
    Qualifier,
    Reading,
    SeriesId,
    Source,
)

TITLE = "Dam bursts above Lower Talven"
SENTENCE = "At least 12 people were killed when a dam burst above Lower Talven, rescuers said."
TOLL = "12"


def sample(*, target: str, timezone: str, now: datetime) -> Digest:
    """Make the digest of one event that never happened, marked as a sample."""
    published = now - timedelta(minutes=20)
    source = Source(
        document=DocumentId("d-sample"),
        outlet="Example Daily",
        url="https://example.org/dam",
        title=TITLE,
        published=published,
    )
    item = Item(
        event=EventId("ev-sample"),
        title=TITLE,
        titled=True,
        lead=((SENTENCE, 1),),
        first_seen=published,
        opened=True,
        changes=(),
        figures=(_killed(source),),
        sources=(source,),
        independent=1,
        copies=0,
        new_sources=1,
        watches=("sample",),
        terms=("dam",),
        joined_by=(),
    )
    return Digest(
        target=target,
        key=f"sample:{now.isoformat()}",
        at=now,
        timezone=timezone,
        slot=None,
        items=(item,),
        sample=True,
    )


def _killed(source: Source) -> FigureLine:
    start = SENTENCE.index(TOLL)
    reading = Reading(
        start=start,
        end=start + len(TOLL),
        surface=TOLL,
        low=Decimal(TOLL),
        high=Decimal(TOLL),
        qualifier=Qualifier.AT_LEAST,
        kind=Kind.COUNT,
        unit="",
        quote_start=0,
        quote_end=len(SENTENCE),
        quote=SENTENCE,
        claimant="rescuers",
    )
    seen = Observation(
        reading=reading,
        document=source.document,
        outlet=source.outlet,
        voice=source.outlet,
        url=source.url,
        published=source.published,
    )
    return FigureLine(series=SeriesId("ev-sample/killed"), label="People killed", values=(seen,))
