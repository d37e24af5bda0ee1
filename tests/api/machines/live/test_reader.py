"""What waits for a page that does not read, and how many pages there is room for."""

import json
from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

import pytest

from api.machines.live import HELLO, MOST_WAITING, PER_PROCESS, Event, Live, Reader, Stream
from domain.kernel.refusal import TooManyRequests, Unavailable
from models import Manager
from tests.api.machines.live.event_stream import PATIENCE

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/none"


async def nobody(_: Collection[UUID]) -> Mapping[UUID, Manager]:
    """Who is signed in."""
    return {}


def reader(manager_id: UUID | None = None) -> Reader:
    return Reader(manager_id or uuid4(), uuid4(), onboards=True, session_id=uuid4())


async def test_a_page_that_does_not_read_is_told_everything_at_once_and_costs_no_more() -> None:
    page = Stream(reader())
    assert await page.take(PATIENCE) == [HELLO]
    first = [Event("dialog", uuid4()) for _ in range(MOST_WAITING)]
    for event in first * 3:
        page.tell(event)
    assert await page.take(PATIENCE) == first
    for event in [*first, Event("dialog", uuid4())]:
        page.tell(event)
    page.tell(Event("bot", UUID(int=1)))
    assert await page.take(PATIENCE) == [HELLO, Event("bot", UUID(int=1))]
    assert await page.take(0) == []


async def test_a_process_has_room_for_so_many_pages_and_one_that_leaves_makes_room() -> None:
    live = Live(NOWHERE, nobody)
    pages = [live.join(reader()) for _ in range(PER_PROCESS)]
    with pytest.raises(TooManyRequests):
        live.join(reader())
    for _ in range(2):
        live.leave(pages[0])
    live.join(reader())
    with pytest.raises(TooManyRequests):
        live.join(reader())


async def test_whoever_comes_during_the_goodbye_is_sent_elsewhere() -> None:
    live = Live(NOWHERE, nobody)
    page = live.join(reader())
    live.end()
    assert page.over
    with pytest.raises(Unavailable):
        live.join(reader())


async def test_whoever_moves_to_another_organisation_hears_no_more_of_the_one_he_left() -> None:
    live, his = Live(NOWHERE, nobody), reader()
    page, colleagues = (
        live.join(his),
        live.join(Reader(uuid4(), his.organisation_id, onboards=True, session_id=uuid4())),
    )
    live.heard(json.dumps({"kind": "staff", "org": str(uuid4()), "id": str(his.manager_id)}))
    assert (page.over, colleagues.over) == (True, False)


@pytest.mark.parametrize("payload", ["", "[]", "null", '{"kind":"client"}', '{"kind":"x","org":"1","id":"2"}'])
async def test_a_word_that_is_none_of_ours_is_passed_over(payload: str) -> None:
    live = Live(NOWHERE, nobody)
    page = live.join(reader())
    assert await page.take(PATIENCE) == [HELLO]
    live.heard(payload)
    assert await page.take(0) == []
    assert not page.over


async def test_a_session_that_ends_while_its_page_is_let_in_is_noticed() -> None:
    """Its end was told before the page was there to hear it."""
    live = Live(NOWHERE, nobody)
    page = live.join(reader())
    await live.check(page)
    assert page.over
