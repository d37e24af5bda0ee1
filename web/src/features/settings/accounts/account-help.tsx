import { Help } from "../help";

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
