import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";

import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/feedback/empty";
import { Failure } from "@/shared/ui/feedback/notice";
import { Page } from "@/shared/ui/layout/page";
import { Loading } from "@/shared/ui/feedback/loading";

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

/** A screen that could not be shown at all; the rest of the app stands. */
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
