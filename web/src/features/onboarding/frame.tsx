import { Outlet, useParams } from "@tanstack/react-router";
import { useEffect } from "react";

import { useCard } from "@/entities/clients/card";
import { NoClient } from "@/entities/clients/no-client";
import { Problem } from "@/shared/api/problem";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";
import { Page } from "@/shared/ui/layout/page";

import { OpenCardContext } from "./use-step";

/** Loads the card for all pages of the wizard. */
export function OnboardingFrame() {
  const { clientId } = useParams({ strict: false });
  usePreloadedPages();
  if (clientId === undefined) return null;
  return <Frame key={clientId} clientId={clientId} />;
}

/** Preloads all pages: the connection may be lost before the next step. */
function usePreloadedPages(): void {
  useEffect(() => {
    void Promise.allSettled([
      import("./contact/contact-step"),
      import("./passport/passport-step"),
      import("./devices/devices-step"),
      import("./contract/contract-step"),
      import("./success/success-screen"),
    ]);
  }, []);
}

function Frame({ clientId }: { clientId: string }) {
  const card = useCard(clientId);
  if (card.data !== undefined) {
    return (
      <OpenCardContext value={{ clientId, card: card.data }}>
        <Outlet />
      </OpenCardContext>
    );
  }
  if (!card.isError) return <Loading className="mx-auto w-full max-w-3xl pt-6 safe-x" />;
  if (card.error instanceof Problem && card.error.missing) return <NoClient />;
  return (
    <Page title="Карточка не открылась">
      <Failure error={card.error} retry={card.refetch} />
    </Page>
  );
}
