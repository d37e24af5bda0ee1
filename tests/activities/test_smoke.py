from tests.activities.desk import Desk


async def test_smoke(desk: Desk) -> None:
    client = await desk.signed()
    print(await desk.verbs(client), await desk.read_by_client(client))
    c = await desk.contract(client)
    a = await desk.twice(lambda: desk.certificates.certify_signature(client.id, c.id))
    print(a)
    assert 0
