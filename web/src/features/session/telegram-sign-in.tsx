import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";

import { api, ask } from "@/shared/api/http";
import { Button } from "@/shared/ui/button";

/** Sign-in by the master bot's single-use link, if the installation has a master bot. */
export function TelegramSignIn({ question }: { question: string }) {
  const { data } = useQuery({
    queryKey: ["telegram", "config"],
    queryFn: () => ask(api.GET("/api/auth/telegram/config")),
    staleTime: Infinity,
    retry: false,
  });
  const bot = data?.bot_username;
  if (bot === undefined || bot === null) return null;
  return (
    <section aria-label="Вход через Telegram" className="grid gap-3 border-t border-line pt-6">
      <p className="text-sm text-ink-soft">
        {question} Отправьте /start боту @{bot} в Telegram: он пришлёт ссылку для входа.
      </p>
      <Button look="secondary" asChild>
        <a href={`https://t.me/${encodeURIComponent(bot)}?start=login`} target="_blank" rel="noreferrer">
          <Send aria-hidden />
          Открыть бота в Telegram
        </a>
      </Button>
    </section>
  );
}
