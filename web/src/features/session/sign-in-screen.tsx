import { useSearch } from "@tanstack/react-router";

import { SessionPage } from "./session-page";
import { SignInForm } from "./sign-in-form";
import { TelegramSignIn } from "./telegram-sign-in";

export function SignInScreen() {
  const { to } = useSearch({ from: "/sign-in" });
  return (
    <SessionPage title="Вход">
      <SignInForm to={to ?? "/"} />
      <TelegramSignIn question="Нет пароля?" />
    </SessionPage>
  );
}
