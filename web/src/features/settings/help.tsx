import type { ReactNode } from "react";

function Help({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="rounded-xl bg-sunken px-4 text-sm">
      <summary className="flex min-h-11 items-center font-medium">{title}</summary>
      <ol className="grid list-decimal gap-1.5 pb-4 pl-5 text-ink-soft">{children}</ol>
    </details>
  );
}

export function BotHelp() {
  return (
    <div className="grid gap-2">
      <Help title="Где взять токен бота">
        <li>Откройте в Telegram @BotFather и отправьте ему /newbot.</li>
        <li>Придумайте боту имя и адрес, который заканчивается на «bot».</li>
        <li>BotFather пришлёт токен вида 123456789:AAE0… Скопируйте его целиком и никому не пересылайте.</li>
      </Help>
      <Help title="Как узнать id группы">
        <li>Создайте группу в Telegram и включите в её настройках темы.</li>
        <li>Добавьте бота в группу и сделайте его администратором с правом управлять темами.</li>
        <li>
          Отправьте в группе команду /getid: бот ответит числом вида -1001234567890. Это и есть id группы.
        </li>
      </Help>
    </div>
  );
}

export function AccountHelp() {
  return (
    <Help title="Где взять ключ Avito">
      <li>Войдите на avito.ru в основной аккаунт компании; нужен тариф с доступом к API мессенджера.</li>
      <li>Откройте раздел «Для профессионалов» и в нём «Интеграции» или «API».</li>
      <li>
        Скопируйте Client ID и Client Secret. Секрет потом здесь не показывается: чтобы заменить, введите
        новый.
      </li>
    </Help>
  );
}
