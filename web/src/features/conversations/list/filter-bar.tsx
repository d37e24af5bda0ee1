import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { accountsQuery } from "@/entities/conversations/queries";
import { cn } from "@/shared/lib/cn";
import { Select } from "@/shared/ui/form/input";
import { QuickSearch } from "@/shared/ui/form/quick-search";

import { SHOWS, type Search, type Show } from "../filters";
import { countsQuery } from "../queries";

interface Props {
  search: Search;
  typed: string;
  onType: (typed: string) => void;
}

/** Search, filter by state, filter by account. */
export function Filters({ search, typed, onType }: Props) {
  return (
    <div className="grid gap-2 border-b border-line p-3 safe-x">
      <QuickSearch
        label="Поиск диалогов"
        placeholder="Имя, объявление, номер"
        value={typed}
        onChange={onType}
      />
      <Shows chosen={search.show} />
      <Accounts search={search} />
    </div>
  );
}

function Shows({ chosen }: { chosen: Show | undefined }) {
  const counts = useQuery(countsQuery).data;
  const numbers: Partial<Record<Show, number | undefined>> = {
    unanswered: counts?.unanswered,
    failed: counts?.failed,
    stuck: counts?.stuck,
  };
  // A rare state: the button is there only when there is something behind it.
  const isStuckShown = chosen === "stuck" || (counts?.stuck ?? 0) > 0;
  return (
    <nav aria-label="Какие диалоги" className="flex flex-wrap gap-1">
      {SHOWS.filter(({ show }) => show !== "stuck" || isStuckShown).map(({ show, label }) => (
        <Link
          key={show}
          to="."
          search={(before) => ({
            ...(before.account !== undefined && { account: before.account }),
            ...(show !== "all" && { show }),
          })}
          activeOptions={{ exact: true }}
          className="flex min-h-11 items-center gap-1.5 rounded-xl px-3 text-sm text-ink-soft hover:bg-sunken aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-accent"
        >
          {label}
          <Count show={show} number={numbers[show] ?? 0} />
        </Link>
      ))}
    </nav>
  );
}

function Count({ show, number }: { show: Show; number: number }) {
  if (number === 0) return null;
  return (
    <span
      className={cn(
        "rounded-full px-2 py-0.5 text-xs font-medium tabular-nums",
        show === "failed" ? "bg-danger-soft text-danger" : "bg-warn-soft text-warn",
      )}
    >
      {number}
    </span>
  );
}

function Accounts({ search }: { search: Search }) {
  const navigate = useNavigate();
  const accounts = useQuery(accountsQuery).data ?? [];
  if (accounts.length < 2 && search.account === undefined) return null;
  return (
    <Select
      aria-label="Аккаунт Avito"
      value={search.account ?? ""}
      onChange={({ target }) =>
        void navigate({
          to: ".",
          search: () => ({
            ...(search.show !== undefined && { show: search.show }),
            ...(target.value !== "" && { account: target.value }),
          }),
        })
      }
    >
      <option value="">Все аккаунты Avito</option>
      {accounts.map((account) => (
        <option key={account.id} value={account.id}>
          {account.name}
        </option>
      ))}
    </Select>
  );
}
