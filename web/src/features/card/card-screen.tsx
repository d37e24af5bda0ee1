import { Link, useParams } from "@tanstack/react-router";

import { useCard } from "@/entities/clients/card";
import { NoClient } from "@/entities/clients/no-client";
import { useAdjacentClients } from "@/entities/clients/opened-list";
import { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Page } from "@/shared/ui/layout/page";

import { AdjacentLinks } from "./adjacent-links";
import { BackToList } from "./back-to-list";
import { ClientCard } from "./client-card";

/** The card screen of one client. */
export function CardScreen() {
  const { clientId } = useParams({ strict: false });
  return clientId === undefined ? null : <Opened clientId={clientId} />;
}

/** Not remounted between clients, so that focus stays on the same arrow. */
function Opened({ clientId }: { clientId: string }) {
  const adjacent = useAdjacentClients(clientId);
  const card = useCard(clientId);
  const links = <AdjacentLinks adjacent={adjacent} />;
  if (card.data === undefined && card.isError) {
    return card.error instanceof Problem && card.error.missing ? (
      <NoClient />
    ) : (
      <NotOpened error={card.error} retry={card.refetch} />
    );
  }
  return <ClientCard clientId={clientId} detail={card.data?.detail} adjacent={links} />;
}

function isForbidden(error: unknown): boolean {
  return error instanceof Problem && error.status === 403;
}

function NotOpened({ error, retry }: { error: unknown; retry: () => unknown }) {
  if (!isForbidden(error)) {
    return (
      <Page title="Карточка не открылась" back={<BackToList />}>
        <Failure error={error} retry={retry} />
      </Page>
    );
  }
  return (
    <Page title="Карточка не открылась">
      <Failure error={error} />
      <Button asChild look="secondary" className="justify-self-start">
        <Link to="/">На главную</Link>
      </Button>
    </Page>
  );
}
