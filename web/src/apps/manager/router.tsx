import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { isTab, type Tab } from "@/entities/clients/list";
import { openedList } from "@/entities/clients/opened-list";
import { readSearch } from "@/features/conversations/filters";
import { isSection, type Section } from "@/features/settings/sections";
import { meQuery } from "@/shared/api/me";
import { accessToken, renew } from "@/shared/api/session";

import { ScreenError, NotFound, Pending } from "./fallbacks";
import { Shell } from "./shell";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { to?: string } =>
    typeof search.to === "string" && /^\/(?![/\\])/.test(search.to) ? { to: search.to } : {},
  component: lazyRouteComponent(() => import("@/features/session/sign-in-screen"), "SignInScreen"),
});

const enter = createRoute({
  getParentRoute: () => root,
  path: "/enter",
  component: lazyRouteComponent(() => import("@/features/session/enter-screen"), "EnterScreen"),
});

/** Routes that need a signed-in manager. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    if (accessToken() === null && !(await renew())) {
      const to = location.pathname + location.searchStr;
      throw redirect({ to: "/sign-in", search: to === "/" ? {} : { to } });
    }
    return { me: await context.queries.query({ ...meQuery, staleTime: "static" }) };
  },
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: ({ context }) => {
    throw redirect({ to: context.me.can_onboard ? "/clients" : "/conversations" });
  },
});

const clients = createRoute({
  getParentRoute: () => inside,
  path: "/clients",
  validateSearch: (search): { tab?: Tab; scope?: "team" } => ({
    ...(isTab(search.tab) && { tab: search.tab }),
    ...(search.scope === "team" && { scope: search.scope }),
  }),
  beforeLoad: ({ search }) => {
    if (search.tab !== undefined) return;
    const { tab = "new", scope } = openedList() ?? {};
    throw redirect({ to: "/clients", search: scope === "team" ? { tab, scope } : { tab }, replace: true });
  },
  component: lazyRouteComponent(() => import("@/features/clients/list-screen"), "ListScreen"),
});

const card = createRoute({
  getParentRoute: () => inside,
  path: "/clients/$clientId",
  component: lazyRouteComponent(() => import("@/features/card/card-screen"), "CardScreen"),
});

const onboarding = createRoute({
  getParentRoute: () => inside,
  id: "onboarding",
  component: lazyRouteComponent(() => import("@/features/onboarding/frame"), "OnboardingFrame"),
});

const contact = createRoute({
  getParentRoute: () => onboarding,
  path: "/clients/$clientId/step/1",
  component: lazyRouteComponent(() => import("@/features/onboarding/contact/contact-step"), "ContactStep"),
});

const passport = createRoute({
  getParentRoute: () => onboarding,
  path: "/clients/$clientId/step/2",
  component: lazyRouteComponent(() => import("@/features/onboarding/passport/passport-step"), "PassportStep"),
});

const devices = createRoute({
  getParentRoute: () => onboarding,
  path: "/clients/$clientId/step/3",
  component: lazyRouteComponent(() => import("@/features/onboarding/devices/devices-step"), "DevicesStep"),
});

const contract = createRoute({
  getParentRoute: () => onboarding,
  path: "/clients/$clientId/step/4",
  component: lazyRouteComponent(() => import("@/features/onboarding/contract/contract-step"), "ContractStep"),
});

const success = createRoute({
  getParentRoute: () => onboarding,
  path: "/clients/$clientId/success",
  component: lazyRouteComponent(
    () => import("@/features/onboarding/success/success-screen"),
    "SuccessScreen",
  ),
});

const conversations = createRoute({
  getParentRoute: () => inside,
  path: "/conversations",
  validateSearch: readSearch,
  component: lazyRouteComponent(
    () => import("@/features/conversations/conversations-screen"),
    "ConversationsScreen",
  ),
});

const thread = createRoute({
  getParentRoute: () => conversations,
  path: "/$conversationId",
  component: lazyRouteComponent(
    () => import("@/features/conversations/thread/thread-screen"),
    "ThreadScreen",
  ),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  validateSearch: (search): { section?: Section } =>
    isSection(search.section) ? { section: search.section } : {},
  component: lazyRouteComponent(() => import("@/features/settings/settings-screen"), "SettingsScreen"),
});

const figures = createRoute({
  getParentRoute: () => inside,
  path: "/figures",
  component: lazyRouteComponent(() => import("@/features/figures/figures-screen"), "FiguresScreen"),
});

const tree = root.addChildren([
  signIn,
  enter,
  inside.addChildren([
    home,
    clients,
    card,
    onboarding.addChildren([contact, passport, devices, contract, success]),
    conversations.addChildren([thread]),
    settings,
    figures,
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: Pending,
    defaultErrorComponent: ScreenError,
    scrollRestoration: true,
    // The scroll position of the client list is restored on every way back to it.
    getScrollRestorationKey: ({ pathname, searchStr, state }) =>
      pathname === "/clients" ? pathname + searchStr : (state.__TSR_key ?? pathname),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
