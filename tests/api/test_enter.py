"""The page behind the master bot's link: it asks nobody but us, and the link's token never reaches a server's log."""

from activities.bot_errand import ENTRANCE
from tests.api.conftest import World


async def test_the_link_of_the_master_bot_leads_to_a_page(world: World) -> None:
    async with world.http() as http:
        page = await http.get(ENTRANCE.partition("#")[0])
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "Вход по ссылке бота" in page.text


def test_its_token_stands_where_no_server_sees_it() -> None:
    assert ENTRANCE.endswith("#")


async def test_the_page_calls_a_route_that_is_there(world: World) -> None:
    async with world.http() as http:
        page = (await http.get("/enter")).text
        document = (await http.get("/openapi.json")).json()
    assert '"/api/auth/master/exchange"' in page
    assert "post" in document["paths"]["/api/auth/master/exchange"]
