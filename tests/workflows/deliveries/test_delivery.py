"""The process of one delivery: it waits as long as its rows say, and shows an operator why nothing has gone out."""

from datetime import timedelta

from domain.deliveries.delivery import AttemptState, DeliveryState, Purpose, Reason
from tests.workflows.conversation_driver import RPC
from tests.workflows.delivery_driver import MINUTE, DeliveryDriver
from tests.workflows.server import Running
from workflows.deliveries.details import ATTEMPTS, PURPOSES, REASONS, STATES
from workflows.deliveries.starting import begin_delivery


async def test_what_is_sent_at_once_ends_at_once(server: Running) -> None:
    driver = DeliveryDriver(server, "at once")
    await driver.begins()
    assert await driver.ends() == "delivered"
    assert driver.delivery.names() == ["deliver"]


async def test_it_does_what_is_due_when_it_is_due(server: Running) -> None:
    driver = DeliveryDriver(server, "due")
    driver.delivery.plan.extend([(DeliveryState.PENDING, MINUTE), (DeliveryState.SENT, timedelta(hours=1))])
    await driver.begins()
    await driver.rests()
    begun = await driver.now()
    await driver.waits(MINUTE)
    await driver.delivery.tried("deliver", 2)
    await driver.rests()
    assert await driver.ends_after(timedelta(hours=1)) == "delivered"
    times = [call.at - begun for call in driver.delivery.calls[1:]]
    assert [round(time / MINUTE) for time in times] == [1, 61]


async def test_an_operator_sees_what_hinders_it_and_no_more(server: Running) -> None:
    driver = DeliveryDriver(server, "shown")
    driver.delivery.plan.append((DeliveryState.PENDING, timedelta(hours=1)))
    await driver.begins()
    await driver.rests()
    details = await driver.details()
    for words in (PURPOSES[Purpose.SIGNING_CODE], "`telegram`", REASONS[Reason.ACCOUNT], "попробуем ещё раз"):
        assert words in details
    assert await driver.attributes() == {"PrivetStatus": "pending", "PrivetClientId": str(driver.id)}
    await driver.stops()


def test_every_state_and_reason_has_words() -> None:
    found = [set(words) for words in (PURPOSES, STATES, ATTEMPTS, REASONS)]
    assert found == [set(Purpose), set(DeliveryState), set(AttemptState), set(Reason)]


async def test_a_second_start_joins_the_first_and_one_after_the_end_finds_nothing_to_do(server: Running) -> None:
    driver = DeliveryDriver(server, "twice")
    driver.delivery.plan.append((DeliveryState.SENT, MINUTE))
    await driver.begins()
    await driver.rests()
    await begin_delivery(server.temporal, driver.id, RPC)
    await driver.rests()
    assert driver.delivery.names() == ["deliver"]
    await driver.ends_after(MINUTE)
    await begin_delivery(server.temporal, driver.id, RPC)
    assert await driver.ends() == "delivered"


async def test_a_database_that_is_away_is_waited_for(server: Running) -> None:
    driver = DeliveryDriver(server, "away")
    driver.delivery.faults.extend([ConnectionError("the database restarts")] * 2)
    await begin_delivery(server.temporal, driver.id, RPC)
    assert await driver.ends_after(MINUTE) == "delivered"
    assert driver.delivery.names() == ["deliver"] * 3


async def test_a_delivery_that_was_erased_ends(server: Running) -> None:
    driver = DeliveryDriver(server, "erased")
    driver.delivery.exists = False
    await driver.begins()
    assert await driver.ends() == "gone"


async def test_many_questions_go_on_in_a_new_run(short_runs: Running) -> None:
    driver = DeliveryDriver(short_runs, "long")
    driver.delivery.plan.extend([(DeliveryState.SENT, MINUTE)] * 12)
    await driver.begins()
    for asked in range(1, 13):
        await driver.delivery.tried("deliver", asked)
        await driver.rests()
        if asked == 12:
            assert await driver.ends_after(MINUTE) == "delivered"
        else:
            await driver.waits(MINUTE)
    assert await driver.runs() > 1
