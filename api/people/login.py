"""Password log-in of managers, shared by both of their apps."""

from typing import Annotated

from pydantic import Field, StrictStr

from api.context import Context
from api.http.fields import Body, Password
from api.http.shapes import Shape
from domain.kernel import sizes
from models.people.manager import Manager


class Login(Body):
    email: Annotated[StrictStr, Field(min_length=1, max_length=sizes.EMAIL, examples=["manager@example.com"])]
    password: Password


class Token(Shape):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme, RFC 6750
    expires_in: int = Field(description="Seconds.")


def token_of(ctx: Context, manager: Manager) -> Token:
    return Token(access_token=ctx.manager_tokens.issue(manager.id), expires_in=ctx.manager_tokens.expires_in)
