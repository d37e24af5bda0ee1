"""All stand-ins with everything that they share, built in one place."""

from pathlib import Path
from typing import Any

from sandbox.avito.state import Avito
from sandbox.blobs import Blobs
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.hooks import Hooks
from sandbox.journal import Journal
from sandbox.mail.state import Mailbox
from sandbox.saving import Saving
from sandbox.seed import sow
from sandbox.sms.state import Telephones
from sandbox.stamping.routes import Stamping
from sandbox.telegram import shown
from sandbox.telegram.state import Telegram
from sandbox.watchers import Watchers


class World:
    def __init__(self, folder: Path | None, seed: bool) -> None:
        """`folder`: where the state is kept, None: nowhere; `seed`: an empty state gets a bot, a group, chats."""
        self._seed = seed
        self.clock = Clock()
        self.faults = Faults()
        self.journal = Journal(self.clock)
        self.hooks = Hooks(self.faults)
        blobs = Blobs(folder / "blobs" if folder else None)
        self.telegram = Telegram(self.faults, self.journal, self.hooks, self.clock, blobs)
        self.avito = Avito(self.faults, self.journal, self.hooks, self.clock, blobs)
        self.stamping = Stamping(folder / "stamping" if folder else None, self.faults, self.changed)
        self.mailbox = Mailbox(self.faults, self.journal, self.clock, blobs)
        self.phones = Telephones(self.clock)
        self.saving = Saving(folder, self.snapshot)
        self.watchers = Watchers()

    def start(self) -> None:
        """Inside of the running loop: what was pending is delivered further."""
        saved = self.saving.load()
        if saved is not None:
            self.telegram.restore(saved["telegram"])
            self.avito.restore(saved["avito"])
            if "mail" in saved:
                self.mailbox.restore(saved["mail"])
            if "phones" in saved:
                self.phones.restore(saved["phones"])
            self.clock.ahead = saved["ahead"]
            self.telegram.resume()
        elif self._seed:
            sow(self.telegram, self.avito)
            self.changed()

    def stop_waiting(self) -> None:
        """Long polls and event streams end, so that the server can close its connections."""
        self.telegram.updates.stop()
        self.watchers.stop()

    async def stop(self) -> None:
        await self.hooks.close()
        self.saving.now()

    def changed(self) -> None:
        self.saving.soon()
        self.watchers.changed()

    def snapshot(self) -> dict[str, Any]:
        return {
            "telegram": self.telegram.snapshot(),
            "avito": self.avito.snapshot(),
            "mail": self.mailbox.snapshot(),
            "phones": self.phones.snapshot(),
            "ahead": self.clock.ahead,
        }

    def view(self) -> dict[str, Any]:
        """What the page shows. `/sandbox/state` is `{bots, groups, privates, accounts, faults, counters, …}`."""
        counters = {"calls": self.journal.counts, "violations": len(self.journal.violations())}
        return {
            **shown.everything(self.telegram),
            **self.avito.view(),
            "phones": self.phones.view(),
            "faults": self.faults.view(),
            "counters": counters | {"hooks_waiting": self.hooks.waiting(), "stamps": self.stamping.granted},
            "now": self.clock(),
        }
