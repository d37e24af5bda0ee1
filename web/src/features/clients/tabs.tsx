import { Link } from "@tanstack/react-router";
import { BadgeCheck, BriefcaseBusiness, UserRound, UserRoundPlus, type LucideIcon } from "lucide-react";

import { TABS, type Scope, type Tab } from "@/entities/clients/list";
import type { SchemaClientCounts } from "@/shared/api/generated/schema";
import { cn } from "@/shared/lib/cn";

export const LABELS: Record<Tab, string> = {
  new: "Новые",
  in_work: "В работе",
  processed: "Обработанные",
  mine: "Мои",
};

const ICONS: Record<Tab, LucideIcon> = {
  new: UserRoundPlus,
  in_work: BriefcaseBusiness,
  processed: BadgeCheck,
  mine: UserRound,
};

/** Search parameters of a list; the manager's own clients are the default. */
export function searchOf(tab: Tab, scope: Scope): { tab: Tab; scope?: "team" } {
  return scope === "team" ? { tab, scope } : { tab };
}

interface Props {
  open: Tab;
  scope: Scope;
  counts: SchemaClientCounts | undefined;
}

/** Below the list on a phone, above it on a laptop. */
export function Tabs({ open, scope, counts }: Props) {
  return (
    <nav
      aria-label="Списки клиентов"
      className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-surface px-1 safe-bottom md:static md:gap-1 md:border-t-0 md:border-b md:bg-transparent md:px-0"
    >
      {TABS.map((tab) => (
        <TabLink key={tab} tab={tab} scope={scope} open={tab === open} count={counts?.[tab]} />
      ))}
    </nav>
  );
}

interface TabLinkProps {
  tab: Tab;
  scope: Scope;
  open: boolean;
  count: number | undefined;
}

function TabLink({ tab, scope, open, count }: TabLinkProps) {
  const Icon = ICONS[tab];
  return (
    <Link
      to="/clients"
      search={searchOf(tab, scope)}
      replace
      activeProps={{}}
      aria-current={open ? "page" : undefined}
      className={cn(
        "grid min-h-14 flex-auto content-center justify-items-center gap-0.5 rounded-lg px-1 text-xs md:flex md:min-h-11 md:flex-none md:items-center md:gap-2 md:rounded-b-none md:border-b-2 md:border-transparent md:px-3 md:text-base",
        open ? "font-semibold text-accent md:border-accent" : "text-ink-soft hover:text-ink",
      )}
    >
      <span className="flex items-center gap-1">
        <Icon aria-hidden className="size-5 md:hidden" />
        {count !== undefined && <Count count={count} open={open} className="md:hidden" />}
      </span>
      <span>{LABELS[tab]}</span>
      {count !== undefined && <Count count={count} open={open} className="hidden md:inline" />}
    </Link>
  );
}

function Count({ count, open, className }: { count: number; open: boolean; className: string }) {
  return (
    <span
      aria-label={`клиентов: ${count}`}
      className={cn(
        "min-w-5 rounded-full px-1.5 text-center text-xs leading-5 font-semibold tabular-nums",
        open ? "bg-accent text-white" : "bg-sunken text-ink-soft",
        className,
      )}
    >
      {count > 999 ? "999+" : count}
    </span>
  );
}
