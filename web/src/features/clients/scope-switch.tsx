import { Link } from "@tanstack/react-router";

import type { Scope, Tab } from "@/entities/clients/list";
import { cn } from "@/shared/lib/cn";

import { searchOf } from "./tabs";

const SCOPES: readonly { scope: Scope; label: string }[] = [
  { scope: "mine", label: "Мои" },
  { scope: "team", label: "Вся команда" },
];

/** Whose clients the list holds: the manager's own, or those of the whole team. */
export function ScopeSwitch({ tab, scope: open }: { tab: Tab; scope: Scope }) {
  return (
    <nav aria-label="Чьи клиенты" className="flex rounded-xl bg-sunken p-1 md:justify-self-start">
      {SCOPES.map(({ scope, label }) => (
        <Link
          key={scope}
          to="/clients"
          search={searchOf(tab, scope)}
          replace
          activeProps={{}}
          aria-current={scope === open ? "page" : undefined}
          className={cn(
            "grid min-h-11 flex-1 place-items-center rounded-lg px-4 whitespace-nowrap",
            scope === open
              ? "bg-surface font-semibold text-accent shadow-sm"
              : "text-ink-soft hover:text-ink",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
