import { Link } from "@tanstack/react-router";

import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/feedback/empty";
import { Page } from "@/shared/ui/layout/page";

export function NoClient() {
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
