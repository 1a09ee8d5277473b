"""Dates and times as people write them after `--as-of`; the same rules as the program's `Moment`."""

from __future__ import annotations

import datetime
import re
from typing import Optional

#: China Standard Time; it has had no summer time since 1991. What has no zone is meant so, wherever the program runs.
CHINA = datetime.timezone(datetime.timedelta(hours=8))

_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?)?")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MILLISECOND = datetime.timedelta(milliseconds=1)


def last_millisecond(text: str) -> Optional[int]:
    """The last millisecond (since 1970 UTC) that a day, minute or second covers; None: the text is no date."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, utc, sign, zone_hours, zone_minutes = match.groups()
    zone = CHINA
    if utc:
        zone = datetime.timezone.utc
    elif sign:
        if int(zone_hours) > 23 or int(zone_minutes) > 59:
            return None
        offset = datetime.timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
        zone = datetime.timezone(offset if sign == "+" else -offset)
    try:
        start = datetime.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone)
    except ValueError:
        return None
    length = 86_400_000 if hour is None else 60_000 if second is None else 1000
    return milliseconds(start) + length - 1


def milliseconds(moment: datetime.datetime) -> int:
    """Milliseconds since 1970 UTC; without a zone it is China Standard Time."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=CHINA)
    return (moment - _EPOCH) // _MILLISECOND


def moment(time: Optional[int]) -> Optional[datetime.datetime]:
    """The moment of milliseconds since 1970 UTC, as China Standard Time."""
    return None if time is None else (_EPOCH + time * _MILLISECOND).astimezone(CHINA)
