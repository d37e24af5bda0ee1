import { Link, useParams } from "@tanstack/react-router";

import { Problem } from "@/shared/api/problem";
import { useCard } from "@/shared/clients/card";
import { useNeighbours } from "@/shared/clients/shown";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";
import { Failure } from "@/shared/ui/notice";
import { Page } from "@/shared/ui/page";
import { Loading } from "@/shared/ui/skeleton";

import { BackToList } from "./back-to-list";
import { ClientCard } from "./client-card";

/** Everything about one client on one page. */
export function CardScreen() {
  const { clientId } = useParams({ strict: false });
  if (clientId === undefined) return null;
  return <Opened key={clientId} clientId={clientId} />;
}

function Opened({ clientId }: { clientId: string }) {
  const neighbours = useNeighbours(clientId);
  const card = useCard(clientId);
  if (card.data !== undefined) {
    return <ClientCard clientId={clientId} detail={card.data.detail} neighbours={neighbours} />;
  }
  if (!card.isError) return <Loading rows={5} className="mx-auto w-full max-w-6xl pt-6 safe-x" />;
  if (isMissing(card.error)) return <NoClient />;
  return (
    <Page title="Карточка не открылась" back={<BackToList />}>
      {isForbidden(card.error) ? (
        <Forbidden error={card.error} />
      ) : (
        <Failure error={card.error} retry={card.refetch} />
      )}
    </Page>
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 422);
}

function isForbidden(error: unknown): boolean {
  return error instanceof Problem && error.status === 403;
}

function Forbidden({ error }: { error: unknown }) {
  return (
    <>
      <Failure error={error} />
      <Button asChild look="secondary" className="justify-self-start">
        <Link to="/">На главную</Link>
      </Button>
    </>
  );
}

function NoClient() {
  return (
    <Page title="Клиент не найден">
      <Empty title="Такого клиента нет">
        <p className="pb-4">Возможно, ссылка устарела или данные клиента удалены.</p>
        <Button asChild>
          <Link to="/clients">К списку клиентов</Link>
        </Button>
      </Empty>
    </Page>
  );
}
