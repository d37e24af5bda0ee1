import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";

import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/feedback/empty";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";
import { Page } from "@/shared/ui/layout/page";

export function Pending() {
  return <Loading className="mx-auto w-full max-w-3xl pt-6 safe-x" />;
}

export function NotFound() {
  return (
    <Page title="Такой страницы нет">
      <Empty title="Возможно, ссылка устарела">
        <Button asChild>
          <Link to="/">На главную</Link>
        </Button>
      </Empty>
    </Page>
  );
}

/** Error page of a route. The rest of the app keeps working. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = async () => {
    await router.invalidate();
    reset();
  };
  return (
    <Page title="Не получилось открыть">
      <Failure error={error} retry={again} />
    </Page>
  );
}
