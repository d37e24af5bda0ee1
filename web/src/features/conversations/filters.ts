/** Which conversations are listed. The search text is personal data and is not kept in the URL. */
export type Show = "all" | "unanswered" | "failed" | "stuck" | "closed";

export interface Search {
  show?: Show;
  account?: string;
}

export const SHOWS: readonly { show: Show; label: string }[] = [
  { show: "all", label: "Все" },
  { show: "unanswered", label: "Без ответа" },
  { show: "failed", label: "Не отправлено" },
  { show: "stuck", label: "Тема отстаёт" },
  { show: "closed", label: "Закрытые" },
];

const UUID = /^[0-9a-f-]{36}$/i;

/** Reads the search parameters of the URL; ignores unknown values. */
export function readSearch(raw: Record<string, unknown>): Search {
  const known = SHOWS.find((one) => one.show === raw.show && one.show !== "all");
  const account = typeof raw.account === "string" && UUID.test(raw.account) ? raw.account : undefined;
  return { ...(known && { show: known.show }), ...(account !== undefined && { account }) };
}

export interface Filter extends Search {
  query: string;
}

/** Query parameters of the API. */
export function asked({ show, account, query }: Filter) {
  return {
    ...(query !== "" && { q: query }),
    ...(account !== undefined && { account_id: account }),
    ...(show === "unanswered" && { unanswered: true }),
    ...(show === "failed" && { failed: true }),
    ...(show === "stuck" && { stuck: true }),
    ...(show === "closed" && { state: "closed" as const }),
  };
}
