import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { ChartNoAxesColumn, LogOut, MessageCircle, Settings, Users, type LucideIcon } from "lucide-react";
import { useEffect } from "react";

import { forgetList } from "@/entities/clients/opened-list";
import { photoQueue } from "@/entities/photos/use-uploads";
import { ReplyDrafts } from "@/features/conversations/reply/reply-drafts";
import { useMe } from "@/shared/api/me";
import { signOut, useSessionStatus } from "@/shared/api/session";
import { Button } from "@/shared/ui/button";
import { Toasts } from "@/shared/ui/overlay/toast";

import { Connection } from "./connection";
import { useLive } from "./live";

interface NavItem {
  to: "/clients" | "/conversations" | "/settings" | "/figures";
  label: string;
  icon: LucideIcon;
}

/** Layout of every signed-in screen: navigation bar, connection banner, content. */
export function Shell() {
  const up = useLive();
  useSignInRedirect();
  useContentFocus();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-3"
      >
        К содержанию
      </a>
      <Bar />
      <Connection live={up} />
      <div className="relative flex-1">
        <ReplyDrafts>
          <Outlet />
        </ReplyDrafts>
      </div>
      <Toasts />
    </div>
  );
}

/** Signs out and clears the manager's data, so that the next person at this device does not see it. */
function leave(): void {
  photoQueue.clear();
  forgetList();
  void signOut();
}

function Bar() {
  const me = useMe();
  const items: NavItem[] = [
    ...(me.can_onboard ? [{ to: "/clients", label: "Клиенты", icon: Users } as const] : []),
    { to: "/conversations", label: "Переписка", icon: MessageCircle },
    { to: "/settings", label: "Настройки", icon: Settings },
    ...(me.is_super_admin ? [{ to: "/figures", label: "Показатели", icon: ChartNoAxesColumn } as const] : []),
  ];
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-surface/95 safe-top backdrop-blur">
      <nav
        aria-label="Разделы"
        className="mx-auto flex max-w-6xl items-center justify-between gap-0 py-0.5 safe-x sm:justify-start sm:gap-1 sm:py-1"
      >
        {items.map(({ to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className="flex min-h-12 min-w-0 flex-col items-center justify-center gap-0.5 rounded-xl px-1 text-[0.6875rem] leading-none text-ink-soft hover:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-accent sm:min-h-11 sm:flex-row sm:gap-2 sm:px-3 sm:text-base"
          >
            <Icon aria-hidden className="size-5" />
            {label}
          </Link>
        ))}
        <span className="ml-auto hidden truncate text-sm text-ink-soft md:inline">{me.name}</span>
        <Button
          look="quiet"
          size="icon"
          className="shrink-0 max-sm:-mr-3 sm:ml-auto md:ml-0"
          aria-label="Выйти"
          onClick={leave}
        >
          <LogOut aria-hidden />
        </Button>
      </nav>
    </header>
  );
}

/**
 * Redirects to the sign-in page after signing out, here or in another tab, and back to this screen after signing
 * in. The query cache is cleared once the screen is gone.
 */
function useSignInRedirect(): void {
  const status = useSessionStatus();
  const navigate = useNavigate();
  const router = useRouter();
  const queries = useQueryClient();
  useEffect(() => {
    if (status !== "out") return;
    const { pathname, searchStr } = router.state.location;
    // Unsaved forms do not block this navigation: the next person must not see them.
    void navigate({ to: "/sign-in", search: { to: pathname + searchStr }, ignoreBlocker: true }).then(() =>
      queries.clear(),
    );
  }, [status, navigate, router, queries]);
}

/** Moves focus to the content of a new screen, unless the screen has set the focus itself. */
function useContentFocus(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onRendered", ({ pathChanged }) => {
        if (!pathChanged || document.activeElement !== document.body) return;
        document.getElementById("content")?.focus({ preventScroll: true });
      }),
    [router],
  );
}
