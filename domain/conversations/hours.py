"""Working hours: weekly windows and holidays in a zone, and the interval that holds a moment."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.kernel.refusal import InvalidValue

EVERY_DAY: Final = frozenset(range(7))
MIDNIGHT: Final = time(0)

_DAY: Final = 86_400
_WEEK: Final = 7 * _DAY
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


@dataclass(frozen=True)
class Window:
    """From `start` to before `end` on these weekdays (0 is Monday). With `end` <= `start` it ends on the next day and
    belongs to the day on which it starts."""

    days: frozenset[int]
    start: time
    end: time

    @classmethod
    def read(cls, raw: object) -> Self:
        """From `{"days": [0, 1], "start": "09:00", "end": "18:00"}`; without `days` every day. Raises InvalidValue."""
        if not isinstance(raw, Mapping):
            raise InvalidValue("Окно автоответа задаётся днями недели, началом и концом.")
        window = cls(_read_days(raw.get("days")), parse_time(raw.get("start")), parse_time(raw.get("end")))
        if window.start == window.end != MIDNIGHT:
            raise InvalidValue("Начало и конец окна совпадают. Круглые сутки: с 00:00 до 24:00.")
        return window

    def stored(self) -> dict[str, object]:
        """The form that `read` takes."""
        return {"days": sorted(self.days), "start": f"{self.start:%H:%M}", "end": f"{self.end:%H:%M}"}

    @property
    def seconds(self) -> int:
        """Length by the wall clock, up to a whole day."""
        return (_seconds(self.end) - _seconds(self.start)) % _DAY or _DAY


@dataclass(frozen=True)
class Interval:
    """From `start` up to but without `end`, aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Hours:
    """Weekly windows; a holiday adds its whole day; `always` is every day from midnight to midnight."""

    zone: ZoneInfo
    windows: tuple[Window, ...]
    holidays: frozenset[date]
    always: bool = False

    @classmethod
    def read(
        cls,
        zone: str | None,
        *,
        always: bool = False,
        start: time | None = None,
        end: time | None = None,
        windows: Iterable[Window] = (),
        holidays: Iterable[date] = (),
    ) -> Self:
        """From an organisation's settings; `start` to `end` is a window of every day. Raises InvalidValue."""
        first = (Window(EVERY_DAY, start, end),) if start is not None and end is not None else ()
        return cls(parse_zone(zone or ""), (*first, *windows), frozenset(holidays), always)


def parse_time(text: object) -> time:
    """«HH:MM»; «24:00» is the midnight that ends a day. Raises InvalidValue."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise InvalidValue("Укажите время в виде ЧЧ:ММ, например 09:30.")
    return time(int(found[1]), int(found[2])) if found[1] else MIDNIGHT


def parse_zone(name: str) -> ZoneInfo:
    """A zone by its IANA name. Raises InvalidValue."""
    if _ZONE.fullmatch(name) is not None:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, such as «Europe», is an OSError
            pass
    raise InvalidValue("Неизвестный часовой пояс. Укажите имя из базы IANA, например Europe/Moscow.")


def active_interval(hours: Hours, at: datetime) -> Interval | None:
    """The interval that holds `at`, joined with all that overlap or adjoin it; None out of hours.

    Round the clock it is the local calendar day. A local time skipped by a clock change is read by the old offset; of
    one shown twice the first counts.
    """
    at = at.astimezone(UTC)
    if hours.always or _covers_the_week(hours.windows):
        return _whole_day(hours.zone, at.astimezone(hours.zone).date())
    holding = [one for one in _near(hours, at) if one.start <= at < one.end]
    if not holding:
        return None
    return _grown(hours, Interval(min(one.start for one in holding), max(one.end for one in holding)))


def _grown(hours: Hours, interval: Interval) -> Interval:
    """Joins adjoining intervals; finite, because the week has a gap and holidays end."""
    while True:
        before = min(one.start for one in _near(hours, interval.start) if one.start <= interval.start <= one.end)
        after = max(one.end for one in _near(hours, interval.end) if one.start <= interval.end <= one.end)
        if (before, after) == (interval.start, interval.end):
            return interval
        interval = Interval(before, after)


def _near(hours: Hours, moment: datetime) -> Iterator[Interval]:
    """Intervals that may touch `moment`: a window lasts a day at most, a clock change adds an hour or so."""
    today = moment.astimezone(hours.zone).date()
    for shift in range(-2, 2):
        yield from _starting_on(hours, today + timedelta(days=shift))


def _starting_on(hours: Hours, day: date) -> Iterator[Interval]:
    if day in hours.holidays:
        yield _whole_day(hours.zone, day)
    for window in hours.windows:
        if day.weekday() in window.days:
            last = day + timedelta(days=1) if window.end <= window.start else day
            start, end = _instant(hours.zone, day, window.start), _instant(hours.zone, last, window.end)
            if start < end:
                yield Interval(start, end)


def _whole_day(zone: ZoneInfo, day: date) -> Interval:
    return Interval(_instant(zone, day, MIDNIGHT), _instant(zone, day + timedelta(days=1), MIDNIGHT))


def _instant(zone: ZoneInfo, day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


def _covers_the_week(windows: Iterable[Window]) -> bool:
    """Whether the windows leave no moment of an ordinary week."""
    spans = sorted(
        (day * _DAY + _seconds(window.start) + week, day * _DAY + _seconds(window.start) + week + window.seconds)
        for window in windows
        for day in window.days
        for week in (-_WEEK, 0)
    )
    reached = 0
    for start, end in spans:
        if start <= reached:
            reached = max(reached, end)
    return reached >= _WEEK


def _seconds(wall: time) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second


def _read_days(raw: object) -> frozenset[int]:
    if raw is None:
        return EVERY_DAY
    days = raw if isinstance(raw, list | tuple | set | frozenset) else ()
    found = frozenset(day for day in days if isinstance(day, int) and not isinstance(day, bool) and day in EVERY_DAY)
    if not found or len(found) != len(days):
        raise InvalidValue("Дни недели — числа от 0 (понедельник) до 6 (воскресенье), без повторов, хотя бы один.")
    return found
