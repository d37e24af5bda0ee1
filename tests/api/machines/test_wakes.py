"""Wake signals: one under way for each conversation, one more for all that came meanwhile, none lost to a failure."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest
from temporalio.service import RPCError, RPCStatusCode

from activities.conversations.core.wake import Side
from api.machines.wakes import Signals, Target


class Server:
    """Answers a signal when it is told to; `sent` holds a future for each signal that arrived."""

    def __init__(self) -> None:
        self.sent: list[asyncio.Future[None]] = []
        self._arrived = asyncio.Condition()

    async def signal(self) -> None:
        answer = asyncio.get_running_loop().create_future()
        self.sent.append(answer)
        async with self._arrived:
            self._arrived.notify_all()
        await answer

    async def until(self, condition: Callable[[], bool]) -> None:
        async with self._arrived:
            await self._arrived.wait_for(condition)


def conversation() -> Target:
    return Target("conversation", uuid4(), "u2i-1", Side.BUYER)


async def let_all_run() -> None:
    """Whatever could start by now has started."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_news_that_come_while_a_signal_is_under_way_are_one_more_signal() -> None:
    server, signals, target = Server(), Signals(), conversation()
    signals.send(target, server.signal)
    await server.until(lambda: len(server.sent) == 1)
    for _ in range(50):
        signals.send(target, server.signal)
    await let_all_run()
    assert len(server.sent) == 1
    server.sent[0].set_result(None)
    await server.until(lambda: len(server.sent) == 2)
    server.sent[1].set_result(None)
    await signals.close()
    assert len(server.sent) == 2


async def test_news_after_a_signal_is_answered_are_a_signal_of_their_own() -> None:
    server, signals, target = Server(), Signals(), conversation()
    for number in range(3):
        signals.send(target, server.signal)
        await server.until(lambda count=number + 1: len(server.sent) == count)  # type: ignore[misc]
        server.sent[number].set_result(None)
        await let_all_run()
    await signals.close()
    assert len(server.sent) == 3


async def test_conversations_do_not_wait_for_each_other_up_to_a_bound() -> None:
    server, signals = Server(), Signals(at_once=2)
    for _ in range(3):
        signals.send(conversation(), server.signal)
    await let_all_run()
    assert len(server.sent) == 2
    server.sent[0].set_result(None)
    await server.until(lambda: len(server.sent) == 3)
    for answer in server.sent[1:]:
        answer.set_result(None)
    await signals.close()


@pytest.mark.parametrize(
    "failure", [RPCError("away", RPCStatusCode.UNAVAILABLE, b""), RuntimeError("Failed client connect"), TimeoutError()]
)
async def test_a_failure_is_told_without_the_chat_and_the_next_news_are_signalled(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    server, signals, target = Server(), Signals(), conversation()
    signals.send(target, server.signal)
    await server.until(lambda: len(server.sent) == 1)
    server.sent[0].set_exception(failure)
    await let_all_run()
    assert [record.message for record in caplog.records if record.name == "privet.waking"] == [
        "wake is left to the sweep"
    ]
    assert target.chat_id not in str([vars(record) for record in caplog.records])
    signals.send(target, server.signal)
    await server.until(lambda: len(server.sent) == 2)
    server.sent[1].set_result(None)
    await signals.close()


async def test_the_end_waits_for_what_is_under_way() -> None:
    server, signals = Server(), Signals()
    signals.send(conversation(), server.signal)
    await server.until(lambda: len(server.sent) == 1)
    closing = asyncio.create_task(signals.close())
    await let_all_run()
    assert not closing.done()
    server.sent[0].set_result(None)
    await closing
