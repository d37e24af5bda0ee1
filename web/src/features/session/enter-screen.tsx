import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/feedback/notice";

import { EnterForm } from "./enter-form";
import { SessionPage } from "./session-page";
import { TelegramSignIn } from "./telegram-sign-in";

/** Target of the master bot's link: `/enter#token`. */
export function EnterScreen() {
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    // Single-use link: removed from the address bar and the history.
    if (location.hash !== "") history.replaceState(history.state, "", location.pathname);
  }, []);
  return (
    <SessionPage title="Вход по ссылке бота">
      {token === "" ? <NoToken /> : <EnterForm token={token} />}
      <TelegramSignIn question="Ссылка не подошла?" />
    </SessionPage>
  );
}

function NoToken() {
  return (
    <div className="grid gap-4">
      <Notice kind="warn" title="Ссылка неполная или уже открыта">
        Попросите новую командой /start у главного бота и откройте её целиком.
      </Notice>
      <Button look="secondary" asChild>
        <Link to="/sign-in">Войти по паролю</Link>
      </Button>
    </div>
  );
}
