import { useSearch } from "@tanstack/react-router";

import { BotWay } from "./bot-way";
import { Door } from "./door";
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
