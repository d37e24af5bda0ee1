"""Routes of the Avito accounts of an organisation."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import Field, StrictBool, StrictStr
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.channels.accounts import NO_ACCOUNT
from activities.channels.credentials import check_key
from api.channels.shapes import AccountView
from api.context import Ctx
from api.http.fields import Body, Id, Optional200, typed
from api.http.problems import LISTING, READING, problems
from api.http.route import router
from api.people.access import CurrentOwner, CurrentStaff, caller_of
from api.writes.once import Asked, IdempotencyKey, once, recalled
from domain.channels.refusals import AccountTaken
from domain.kernel import sizes
from domain.kernel.refusal import IdempotencyMismatch, found
from domain.kernel.text import visible
from models.channels.account import Account
from models.channels.connected import account_of, accounts_of

KeyPart = Annotated[StrictStr, Field(min_length=1, max_length=sizes.LINE, pattern=r"^[\x21-\x7e]+$"), typed(visible)]

routes = router("conversations: accounts", "/avito/accounts")


async def account_at(ctx: Ctx, owner: CurrentOwner, account_id: UUID) -> Account:
    """An account of the owner's organisation; raises `NotFound` before the body is validated."""
    async with ctx.autocommit() as session:
        return found(await account_of(session, owner.organisation_id, account_id), NO_ACCOUNT)


AtAccount = Annotated[Account, Depends(account_at)]


class NewAccount(Body):
    name: Optional200 = None
    api_client_id: KeyPart
    api_client_secret: KeyPart
    bot_id: Id
    monitoring_enabled: StrictBool = True


class AccountChanges(NewAccount):
    """Only what is sent is changed."""

    api_client_id: KeyPart = ""
    api_client_secret: KeyPart = ""
    bot_id: Id = UUID(int=0)


@routes.get("", response_model=list[AccountView], responses=problems(*LISTING))
async def list_accounts(ctx: Ctx, staff: CurrentStaff) -> list[AccountView]:
    """The oldest first."""
    async with ctx.autocommit() as session:
        found = await accounts_of(session, staff.organisation_id)
    return [AccountView.model_validate(account) for account in found]


@routes.post("", response_model=AccountView, responses=problems(*LISTING, AccountTaken, IdempotencyMismatch))
async def connect_account(body: NewAccount, ctx: Ctx, owner: CurrentOwner, key: IdempotencyKey = None) -> Response:
    """The key is tried out with Avito; one that opens no messages is kept as `blocked`, with the reason."""
    asked = Asked(caller_of(owner), "POST /avito/accounts", key, body.model_dump())
    if (earlier := await recalled(ctx, asked)) is not None:
        return earlier
    checked = await check_key(ctx.avito, body.api_client_id, body.api_client_secret)
    values = body.model_dump(exclude={"api_client_id", "api_client_secret"})
    made: list[UUID] = []

    async def make(session: AsyncSession) -> AccountView:
        account = await ctx.accounts.connect(session, owner.organisation_id, values, checked)
        made.append(account.id)
        return AccountView.model_validate(account)

    answer = await once(ctx, asked, make)
    for account_id in made:
        ctx.wakes.account(account_id)
    return answer


@routes.patch(
    "/{account_id}", response_model=AccountView, responses=problems(*READING, AccountTaken, IdempotencyMismatch)
)
async def change_account(
    body: AccountChanges, ctx: Ctx, owner: CurrentOwner, there: AtAccount, key: IdempotencyKey = None
) -> Response:
    """A new key is tried out like the first one."""
    account_id, sent = there.id, body.model_dump(include=body.model_fields_set)
    asked = Asked(caller_of(owner), "PATCH /avito/accounts/{id}", key, [str(account_id), sent])
    if (earlier := await recalled(ctx, asked)) is not None:
        return earlier
    checked = await ctx.accounts.check_new_key(there, body.api_client_id, body.api_client_secret)
    changes = body.model_dump(include=body.model_fields_set - {"api_client_id", "api_client_secret"})

    async def make(session: AsyncSession) -> AccountView:
        account = await ctx.accounts.change(session, owner.organisation_id, account_id, changes, checked)
        return AccountView.model_validate(account)

    answer = await once(ctx, asked, make)
    ctx.wakes.account(account_id)
    return answer


@routes.delete("/{account_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(*READING))
async def remove_account(account_id: UUID, ctx: Ctx, owner: CurrentOwner) -> None:
    """Its dialogs stay readable; its workflow takes the webhook back and ends."""
    await ctx.accounts.remove(owner.organisation_id, account_id)
    ctx.wakes.account(account_id)
