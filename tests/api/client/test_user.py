"""What a client is told of himself, also when the old product knew less of him than we do."""

from sqlalchemy import text

from models.kernel.database import connect
from tests.api.own_api import OwnApi
from tests.factories import make_user


async def test_a_user_of_an_adopted_table_without_times_is_shown(own_api: OwnApi, owner_url: str) -> None:
    owner = connect(owner_url, pool_size=1)
    async with owner.begin() as connection:
        await connection.execute(text("ALTER TABLE users ALTER created_at DROP NOT NULL"))
    await owner.dispose()
    user = await make_user(own_api.sessions)
    anna = await own_api.signs_in(user)
    async with own_api.sessions.begin() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE users SET created_at = NULL WHERE id = :id"), {"id": user.id})
    for path in ("/api/v1/user/me", "/api/v1/me/"):
        answer = await anna.http.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.json()["created_at"] is None
        assert answer.json()["phone"] == user.phone
