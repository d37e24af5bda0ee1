"""«Показатели»: for the operator alone, over what the wizard really leaves behind."""

from typing import Any

from tests.api.onboarding_steps import at, fill, good, sign
from tests.api.shared_api import Staff

FIGURES = "/api/manager/admin/figures"
STEPS = ["profile", "passport", "devices", "tariff", "contract", "signature", "payment"]


async def read(operator: Staff, **params: Any) -> Any:
    return good(await operator.http.get(FIGURES, params=params))


async def test_only_the_operator_sees_them_and_he_needs_no_onboarding_right(anna: Staff) -> None:
    assert (await anna.http.get(FIGURES)).status_code == 403
    operator = await anna.colleague(is_super_admin=True, can_onboard=False)
    shown = await read(operator)
    assert shown.keys() == {
        "since",
        "days",
        "funnel",
        "time_in_step",
        "daily",
        "conversations",
        "messages_daily",
    }
    assert (shown["days"], len(shown["daily"]), len(shown["messages_daily"])) == (30, 30, 30)
    assert [row["step"] for row in shown["funnel"]] == [row["step"] for row in shown["time_in_step"]] == STEPS
    assert shown["funnel"][0].keys() == {"step", "reached", "passed"}
    assert shown["time_in_step"][0].keys() == {"step", "count", "p50_seconds", "p90_seconds"}
    assert shown["daily"][0].keys() == {"day", "registered", "signed", "processed"}
    assert shown["conversations"].keys() == {"open", "unanswered", "oldest_unanswered_at", "pending", "failed"}
    assert shown["messages_daily"][0].keys() == {"day", "inbound", "outbound", "auto", "failed"}
    assert len((await read(operator, days=1))["daily"]) == 1
    for days in (0, 367, "много"):
        assert (await operator.http.get(FIGURES, params={"days": days})).status_code == 422
    await operator.http.aclose()


async def test_a_client_who_walked_the_wizard_got_past_every_step_today(anna: Staff) -> None:
    operator = await anna.colleague(is_super_admin=True)
    now = anna.api.context.now()
    before = await read(operator, days=1)
    client = await anna.client(created_at=now, updated_at=now)
    await fill(anna, client)
    await sign(anna, client)
    good(await anna.http.post(at(client, "/payment/confirm")))
    after = await read(operator, days=1)
    for old, new in zip(before["funnel"], after["funnel"], strict=True):
        assert (new["reached"] - old["reached"], new["passed"] - old["passed"]) == (1, 1), new["step"]
    for old, new in zip(before["time_in_step"], after["time_in_step"], strict=True):
        assert new["count"] - old["count"] == 1, new["step"]
        assert 0 < new["p50_seconds"] <= new["p90_seconds"]
    grown = {name: after["daily"][0][name] - before["daily"][0][name] for name in ("registered", "signed", "processed")}
    assert grown == {"registered": 1, "signed": 1, "processed": 1}
    await operator.http.aclose()
