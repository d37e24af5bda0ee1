import { Link, Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { ChartNoAxesColumn, LogOut, MessageCircle, Settings, Users, type LucideIcon } from "lucide-react";
import { useEffect } from "react";

import { useMe } from "@/shared/api/me";
import { signOut, useSessionStatus } from "@/shared/api/session";
import { Button } from "@/shared/ui/button";
import { Toasts } from "@/shared/ui/toast";

import { Connection } from "./connection";
import { useLive } from "./live";

interface Place {
  to: "/clients" | "/conversations" | "/settings" | "/figures";
  label: string;
  icon: LucideIcon;
}

/** The frame of every screen inside: where one can go at the top, what the connection is like, the screen. */
export function Shell() {
  const up = useLive();
  useGoodbye();
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
      <div className="flex-1">
        <Outlet />
      </div>
      <Toasts />
    </div>
  );
}

function Bar() {
  const me = useMe();
  const places: Place[] = [
    ...(me.can_onboard ? [{ to: "/clients", label: "Клиенты", icon: Users } as const] : []),
    { to: "/conversations", label: "Переписка", icon: MessageCircle },
    { to: "/settings", label: "Настройки", icon: Settings },
    ...(me.is_super_admin ? [{ to: "/figures", label: "Показатели", icon: ChartNoAxesColumn } as const] : []),
  ];
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-surface/95 safe-top backdrop-blur">
      <nav aria-label="Разделы" className="mx-auto flex max-w-6xl items-center gap-1 py-1 safe-x">
        {places.map(({ to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className="flex min-h-11 items-center gap-2 rounded-xl px-3 text-ink-soft hover:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-accent"
          >
            <Icon aria-hidden className="size-5" />
            <span className="sr-only sm:not-sr-only">{label}</span>
          </Link>
        ))}
        <span className="ml-auto hidden truncate text-sm text-ink-soft md:inline">{me.name}</span>
        <Button
          look="quiet"
          size="icon"
          className="ml-auto md:ml-0"
          aria-label="Выйти"
          onClick={() => void signOut()}
        >
          <LogOut aria-hidden />
        </Button>
      </nav>
    </header>
  );
}

/** Whoever is signed out, here or in another tab, is led to the door, and back to this screen afterwards. */
function useGoodbye(): void {
  const status = useSessionStatus();
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(() => {
    if (status === "out") void navigate({ to: "/sign-in", search: { to: router.state.location.pathname } });
  }, [status, navigate, router]);
}
