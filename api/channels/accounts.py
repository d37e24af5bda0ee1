"""The Avito accounts of an organisation: connected by their key, changed, let go."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Response
from pydantic import Field, StrictBool, StrictStr
from sqlmodel.ext.asyncio.session import AsyncSession

from api.channels.outside import Opened, opened_account
from api.context import Context, Ctx
from api.conversations.access import LISTING, READING, CurrentOwner, CurrentStaff
from api.conversations.shapes import AccountView
from api.http.fields import Body, Id, Optional200
from api.http.problems import problems
from api.http.route import router
from api.onboarding.access import caller_of
from api.writes.once import Asked, IdempotencyKey, once, recalled
from domain.channels.refusals import AccountTaken
from domain.kernel.refusal import IdempotencyMismatch, InvalidValue, NotFound
from models.channels.account import CLIENT_SECRET, Account, AccountStatus
from models.channels.connected import account_of, accounts_of, add_unless_taken, bot_of, is_account_taken
from models.kernel.columns import seal, unseal
from models.people.manager import Manager

NO_ACCOUNT: Final = "Аккаунт Avito не найден."
NO_BOT: Final = "Такого бота в вашей организации нет. Сначала подключите бота."
TAKEN: Final = "Аккаунт Avito с этим ключом уже подключён."
ANOTHER: Final = "Это ключ от другого аккаунта Avito. Подключите его как новый аккаунт."

KeyPart = Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]

routes = router("conversations: accounts", "/avito/accounts")


async def account_at(ctx: Ctx, owner: CurrentOwner, account_id: UUID) -> Account:
    """Of his own organisation; another one's looks like none, whatever else is wrong."""
    async with ctx.autocommit() as session:
        account = await account_of(session, owner.organisation_id, account_id)
    if account is None:
        raise NotFound(NO_ACCOUNT)
    return account


AtAccount = Annotated[Account, Depends(account_at)]


class NewAccount(Body):
    name: Optional200 = None
    api_client_id: KeyPart
    api_client_secret: KeyPart
    bot_id: Id
    monitoring_enabled: StrictBool = True


class AccountChanges(Body):
    """Only what is sent is changed."""

    name: Optional200 = None
    api_client_id: KeyPart = ""
    api_client_secret: KeyPart = ""
    bot_id: Id = UUID(int=0)
    monitoring_enabled: StrictBool = True


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
    if (earlier := await recalled(ctx, **asked._asdict())) is not None:
        return earlier
    opened = await opened_account(ctx.avito, body.api_client_id, body.api_client_secret)
    made: list[UUID] = []

    async def make(session: AsyncSession) -> AccountView:
        await _check_bot(session, owner, body.bot_id)
        account = Account(
            organisation_id=owner.organisation_id,
            bot_id=body.bot_id,
            name=body.name or f"Avito {opened.user_id or body.api_client_id}",
            monitoring_enabled=body.monitoring_enabled,
            created_at=ctx.now(),
            updated_at=ctx.now(),
            **_identity(ctx, body.api_client_id, body.api_client_secret, opened),
        )
        made.append(account.id)
        return await _stored(session, account)

    answer = await once(ctx, **asked._asdict(), make=make)
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
    if (earlier := await recalled(ctx, **asked._asdict())) is not None:
        return earlier
    identity = await _new_identity(ctx, there, sent)

    async def make(session: AsyncSession) -> AccountView:
        account = await _locked(session, owner, account_id)
        changes: dict[str, Any] = {name: sent[name] for name in ("bot_id", "monitoring_enabled") if name in sent}
        if "bot_id" in sent:
            await _check_bot(session, owner, sent["bot_id"])
        changes |= {**identity, "name": sent.get("name") or account.name, "updated_at": ctx.now()}
        for name, value in changes.items():
            setattr(account, name, value)
        return await _stored(session, account)

    answer = await once(ctx, **asked._asdict(), make=make)
    ctx.wakes.account(account_id)
    return answer


@routes.delete("/{account_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(*READING))
async def remove_account(account_id: UUID, ctx: Ctx, owner: CurrentOwner) -> None:
    """Its dialogs stay readable; its workflow takes the webhook back and ends."""
    async with ctx.sessions.begin() as session:
        account = await _locked(session, owner, account_id)
        account.deleted_at = account.updated_at = ctx.now()
        session.add(account)
    ctx.wakes.account(account_id)


async def _new_identity(ctx: Context, account: Account, sent: dict[str, Any]) -> dict[str, Any]:
    """The columns of a new key, if there is one; of the same Avito account, because the dialogs are that account's."""
    if not sent.keys() & {"api_client_id", "api_client_secret"}:
        return {}
    client_id = sent.get("api_client_id") or account.api_client_id
    secret = sent.get("api_client_secret") or unseal(ctx.keyring, CLIENT_SECRET, account.secret_sealed)
    opened = await opened_account(ctx.avito, client_id, secret)
    if None not in (opened.user_id, account.avito_user_id) and opened.user_id != account.avito_user_id:
        raise InvalidValue(ANOTHER, [{"loc": ["body", "api_client_id"], "msg": ANOTHER}])
    return {
        **_identity(ctx, client_id, secret, opened),
        "avito_user_id": opened.user_id or account.avito_user_id,
        "token_sealed": None,
        "token_expires_at": None,
    }


def _identity(ctx: Context, client_id: str, secret: str, opened: Opened) -> dict[str, Any]:
    return {
        "api_client_id": client_id,
        "secret_sealed": seal(ctx.keyring, CLIENT_SECRET, secret),
        "avito_user_id": opened.user_id,
        "status": opened.verdict.status if opened.verdict else AccountStatus.ACTIVE,
        "status_reason": opened.verdict.reason if opened.verdict else None,
    }


async def _check_bot(session: AsyncSession, owner: Manager, bot_id: UUID) -> None:
    """Held to the end of the transaction, so that it is not removed meanwhile."""
    if await bot_of(session, owner.organisation_id, bot_id, lock=True) is None:
        raise InvalidValue(NO_BOT, [{"loc": ["body", "bot_id"], "msg": NO_BOT}])


async def _stored(session: AsyncSession, account: Account) -> AccountView:
    taken = await is_account_taken(session, account.organisation_id, account.api_client_id, account.id)
    if taken or not await add_unless_taken(session, account):
        raise AccountTaken(TAKEN)
    return AccountView.model_validate(account)


async def _locked(session: AsyncSession, owner: Manager, account_id: UUID) -> Account:
    account = await account_of(session, owner.organisation_id, account_id, lock=True)
    if account is None:
        raise NotFound(NO_ACCOUNT)
    return account
