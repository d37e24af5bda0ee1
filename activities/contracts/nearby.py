"""Whether staff worked where a client signs, for the trace and the trail."""

from dataclasses import replace

from activities.clients.nearby import earlier_reasons, note_act
from activities.clients.step import ClientStep
from activities.contracts.trace import STAFF_NEARBY
from domain.kernel.actor import ActorKind
from domain.people.nearby import Act, Place
from domain.people.origin import Origin


async def note_staff_nearby(step: ClientStep) -> None:
    """Where the client signs, as `staff_nearby` in the payload: reasons to suspect staff, of the registration too.

    A signature on a manager's device says itself where it was given.
    """
    if step.actor.kind is not ActorKind.CLIENT:
        return
    payload = step.payload
    place = Place.of(Origin(payload.get("ip"), payload.get("user_agent")), None)
    if browser := payload.get("browser"):
        place = replace(place, browser=bytes.fromhex(browser))
    earlier = await earlier_reasons(step.session, step.client.id)
    event_id = step.id_for("staff-nearby")
    found = await note_act(step.session, step.keyring, step.client, Act.SIGNED, place, step.at, event_id)
    payload[STAFF_NEARBY] = list(dict.fromkeys([*payload.get(STAFF_NEARBY, ()), *earlier, *found]))
