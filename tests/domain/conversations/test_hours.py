"""Working hours over weeks, midnights, holidays and changes of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversations.hours import EVERY_DAY, Hours, Interval, Window, active_interval, parse_time, parse_zone
from domain.kernel.refusal import InvalidValue


def window(start: str, end: str, days: frozenset[int] = EVERY_DAY) -> Window:
    return Window(days, parse_time(start), parse_time(end))


def hours(zone: str, *windows: Window, holidays: tuple[date, ...] = (), always: bool = False) -> Hours:
    return Hours(ZoneInfo(zone), windows, frozenset(holidays), always)


def local(zone: str, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = window("22:00", "06:00")


@pytest.mark.parametrize(
    ("at", "interval"),
    [
        ("2026-11-20 21:59:59", None),
        ("2026-11-20 22:00", ("2026-11-20 19:00", "2026-11-21 03:00")),
        ("2026-11-21 00:00", ("2026-11-20 19:00", "2026-11-21 03:00")),
        ("2026-11-21 05:59:59", ("2026-11-20 19:00", "2026-11-21 03:00")),
        ("2026-11-21 06:00", None),
    ],
)
def test_a_night_shift_is_one_interval_over_midnight(at: str, interval: tuple[str, str] | None) -> None:
    found = active_interval(hours("Europe/Moscow", NIGHT), local("Europe/Moscow", at))
    assert found == (interval and Interval(utc(interval[0]), utc(interval[1])))


def test_a_window_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    fridays = hours("Europe/Moscow", window("22:00", "06:00", frozenset({4})))
    assert active_interval(fridays, local("Europe/Moscow", "2026-11-21 03:00")) is not None  # Saturday's small hours
    assert active_interval(fridays, local("Europe/Moscow", "2026-11-20 03:00")) is None  # Friday's


def test_weekend_from_friday_evening_to_monday_morning_is_one_interval() -> None:
    shop = hours(
        "Europe/Moscow",
        window("18:00", "09:00"),
        window("00:00", "24:00", frozenset({5, 6})),
    )
    found = active_interval(shop, local("Europe/Moscow", "2026-11-22 12:00"))
    assert found == Interval(utc("2026-11-20 15:00"), utc("2026-11-23 06:00"))


def test_adjoining_windows_are_one_interval_and_separate_ones_are_two() -> None:
    adjoining = hours("Europe/Moscow", window("09:00", "12:00"), window("12:00", "15:00"))
    assert active_interval(adjoining, local("Europe/Moscow", "2026-11-20 10:00")) == Interval(
        utc("2026-11-20 06:00"), utc("2026-11-20 12:00")
    )
    lunch = hours("Europe/Moscow", window("09:00", "12:00"), window("13:00", "15:00"))
    assert active_interval(lunch, local("Europe/Moscow", "2026-11-20 12:30")) is None
    assert active_interval(lunch, local("Europe/Moscow", "2026-11-20 13:30")) == Interval(
        utc("2026-11-20 10:00"), utc("2026-11-20 12:00")
    )


def test_a_holiday_adds_its_whole_day() -> None:
    shop = hours("Europe/Moscow", window("22:00", "06:00"), holidays=(date(2027, 1, 1), date(2027, 1, 2)))
    # The night before runs into it and the night after begins in it.
    assert active_interval(shop, local("Europe/Moscow", "2027-01-01 15:00")) == Interval(
        utc("2026-12-31 19:00"), utc("2027-01-03 03:00")
    )
    assert active_interval(shop, local("Europe/Moscow", "2027-01-03 12:00")) is None


@pytest.mark.parametrize(
    "round_the_clock",
    [
        hours("Asia/Kathmandu", always=True),
        hours("Asia/Kathmandu", NIGHT, always=True),
        hours("Asia/Kathmandu", window("00:00", "24:00")),
        hours("Asia/Kathmandu", window("06:00", "22:00"), NIGHT),
    ],
)
def test_round_the_clock_means_the_local_calendar_day(round_the_clock: Hours) -> None:
    found = active_interval(round_the_clock, utc("2026-11-20 18:14:59"))  # 23:59:59 in Kathmandu, +05:45
    assert found == Interval(utc("2026-11-19 18:15"), utc("2026-11-20 18:15"))
    assert active_interval(round_the_clock, utc("2026-11-20 18:15")) == Interval(
        utc("2026-11-20 18:15"), utc("2026-11-21 18:15")
    )


@pytest.mark.parametrize(
    ("zone", "at", "start", "end"),
    [
        # The nights in which clocks change are an hour shorter and an hour longer.
        ("Europe/Berlin", "2026-03-29 04:00", "2026-03-28 21:00", "2026-03-29 04:00"),
        ("Europe/Berlin", "2026-10-25 04:00", "2026-10-24 20:00", "2026-10-25 05:00"),
        ("America/New_York", "2026-03-08 04:00", "2026-03-08 03:00", "2026-03-08 10:00"),
        ("America/New_York", "2026-11-01 04:00", "2026-11-01 02:00", "2026-11-01 11:00"),
        ("Europe/Moscow", "2026-03-29 04:00", "2026-03-28 19:00", "2026-03-29 03:00"),
        ("Asia/Kathmandu", "2026-03-29 04:00", "2026-03-28 16:15", "2026-03-29 00:15"),
    ],
)
def test_a_night_shift_follows_the_clock_on_the_wall(zone: str, at: str, start: str, end: str) -> None:
    assert active_interval(hours(zone, NIGHT), local(zone, at)) == Interval(utc(start), utc(end))


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Europe/Moscow", "2026-03-29", 24),
        ("Africa/Cairo", "2026-04-24", 23),  # midnight itself is skipped here
    ],
)
def test_a_calendar_day_is_as_long_as_the_clocks_make_it(zone: str, day: str, length: int) -> None:
    found = active_interval(hours(zone, always=True), local(zone, f"{day} 12:00"))
    assert found is not None
    assert found.end - found.start == timedelta(hours=length)


def test_a_time_that_clocks_skip_is_read_by_the_old_offset() -> None:
    berlin = hours("Europe/Berlin", window("02:15", "02:45"))
    found = active_interval(berlin, local("Europe/Berlin", "2026-03-29 03:30"))
    assert found == Interval(utc("2026-03-29 01:15"), utc("2026-03-29 01:45"))


def test_a_window_whose_end_is_skipped_past_its_start_is_left_out() -> None:
    berlin = hours("Europe/Berlin", window("02:30", "03:15"))
    assert active_interval(berlin, local("Europe/Berlin", "2026-03-29 03:20")) is None
    assert active_interval(berlin, local("Europe/Berlin", "2026-03-30 03:00")) is not None


def test_a_time_shown_twice_counts_at_its_first_showing() -> None:
    berlin = hours("Europe/Berlin", window("02:15", "02:45"))
    first = active_interval(berlin, local("Europe/Berlin", "2026-10-25 02:30", fold=0))
    assert first == Interval(utc("2026-10-25 00:15"), utc("2026-10-25 00:45"))
    assert active_interval(berlin, local("Europe/Berlin", "2026-10-25 02:30", fold=1)) is None


def test_hours_without_windows_are_never() -> None:
    assert active_interval(hours("Europe/Moscow"), utc("2026-11-20 12:00")) is None


zones = st.sampled_from(
    ["Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"]
)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
windows_of_a_week = st.lists(
    st.builds(Window, st.frozensets(st.integers(0, 6), min_size=1), times, times), max_size=4
).map(tuple)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
some_hours = st.builds(
    Hours,
    zones.map(ZoneInfo),
    windows_of_a_week,
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=3),
    st.booleans(),
)


@given(some_hours, moments, st.floats(0, 1, exclude_max=True))
def test_every_moment_of_an_interval_has_the_same_interval(hours: Hours, at: datetime, share: float) -> None:
    found = active_interval(hours, at)
    if found is None:
        return
    assert found.start <= at < found.end
    other = found.start + (found.end - found.start) * share
    if other < found.end:
        assert active_interval(hours, other) == found
    if not _round_the_clock(hours, found):
        before = active_interval(hours, found.start - timedelta(microseconds=1))
        assert before is None
        assert active_interval(hours, found.end) is None


def _round_the_clock(hours: Hours, found: Interval) -> bool:
    """Days of a round-the-clock shop adjoin each other."""
    start, end = found.start.astimezone(hours.zone), found.end.astimezone(hours.zone)
    return (end.date() - start.date()).days == 1 and active_interval(hours, found.end) is not None


@given(some_hours, moments)
def test_away_from_changes_of_clocks_an_interval_is_what_the_clock_on_the_wall_says(hours: Hours, at: datetime) -> None:
    if len({(at + timedelta(hours=shift)).astimezone(hours.zone).utcoffset() for shift in (-48, 0, 48)}) > 1:
        return
    here = at.astimezone(hours.zone)
    yesterday = here.date() - timedelta(days=1)
    inside = hours.always or here.date() in hours.holidays
    for one in hours.windows:
        over_midnight = one.end <= one.start
        begun_today = here.weekday() in one.days and one.start <= here.time()
        begun_yesterday = over_midnight and yesterday.weekday() in one.days and here.time() < one.end
        inside = inside or (begun_today and (over_midnight or here.time() < one.end)) or begun_yesterday
    assert (active_interval(hours, at) is not None) == inside


@pytest.mark.parametrize(
    ("text", "read"), [("09:30", time(9, 30)), ("00:00", time(0)), ("23:59", time(23, 59)), ("24:00", time(0))]
)
def test_a_time_is_read(text: str, read: time) -> None:
    assert parse_time(text) == read


@pytest.mark.parametrize("text", ["", "9:30", "24:01", "12:60", "12-30", "09:30:00", " 09:30", "٠٩:٣٠", None, 930])
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(InvalidValue, match="ЧЧ:ММ"):
        parse_time(text)


@pytest.mark.parametrize(
    "name", ["", "Moscow", "Europe", "Europe/Nowhere", "../etc/passwd", "/etc/passwd", "\x00", "a" * 300]
)
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="часовой пояс"):
        parse_zone(name)


@pytest.mark.parametrize("name", ["Europe/Moscow", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
def test_iana_zones_are_known(name: str) -> None:
    assert parse_zone(name).key == name


def test_a_window_survives_being_stored() -> None:
    stored = {"days": [0, 4], "start": "22:00", "end": "06:00"}
    assert Window.read(stored) == window("22:00", "06:00", frozenset({0, 4}))
    assert Window.read(stored).stored() == stored
    assert Window.read({"start": "00:00", "end": "24:00"}) == window("00:00", "00:00")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"days": [], "start": "09:00", "end": "18:00"},
        {"days": [7], "start": "09:00", "end": "18:00"},
        {"days": [1, 1], "start": "09:00", "end": "18:00"},
        {"days": [True], "start": "09:00", "end": "18:00"},
        {"days": "01", "start": "09:00", "end": "18:00"},
        {"days": [[]], "start": "09:00", "end": "18:00"},
        {"days": [0], "start": "09:00", "end": "09:00"},
        {"days": [0], "start": "09:00"},
    ],
)
def test_what_is_no_window_is_refused(raw: object) -> None:
    with pytest.raises(InvalidValue):
        Window.read(raw)


def test_the_first_window_is_of_every_day() -> None:
    read = Hours.read("Europe/Moscow", start=time(9), end=time(18), windows=(NIGHT,), holidays=[date(2027, 1, 1)])
    assert read == hours("Europe/Moscow", window("09:00", "18:00"), NIGHT, holidays=(date(2027, 1, 1),))
    assert Hours.read("Europe/Moscow", start=time(9)).windows == ()


def test_hours_without_a_zone_are_refused() -> None:
    with pytest.raises(InvalidValue, match="часовой пояс"):
        Hours.read(None, always=True)
