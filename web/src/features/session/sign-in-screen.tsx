import { useSearch } from "@tanstack/react-router";

import { BotWay } from "./telegram-sign-in";
import { Door } from "./session-page";
import { SignInForm } from "./sign-in-form";

export function SignInScreen() {
  const { to } = useSearch({ from: "/sign-in" });
  return (
    <Door title="Вход">
      <SignInForm to={to ?? "/"} />
      <BotWay question="Нет пароля?" />
    </Door>
  );
}
