import { useQueryClient } from "@tanstack/react-query";

import { keys } from "@/shared/api/queries";
import { useWrite } from "@/shared/api/write";
import { countdown } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { say } from "@/shared/ui/overlay/toast";

import { useAskAgain, useStep } from "../use-step";
import { requestCode } from "./contracts";

/** Sends a new code once the cool-down of `wait` seconds is over. */
export function Resend({ wait }: { wait: number }) {
  const { clientId } = useStep();
  const queries = useQueryClient();
  const askAgain = useAskAgain();
  const send = useWrite((_: undefined, key) => requestCode(clientId, key), {
    success: async ({ sent, retry_after }) => {
      await queries.invalidateQueries({ queryKey: keys.contracts(clientId) });
      say(
        sent ? "Новый код отправлен клиенту" : `Новый код не отправлен. Ещё раз можно через ${retry_after} с`,
      );
    },
    failure: askAgain,
  });
  return (
    <>
      {send.error !== null && <Failure error={send.error} />}
      <Button
        look="secondary"
        busy={send.isPending}
        disabled={wait > 0}
        className="sm:justify-self-start"
        onClick={() => send.send(undefined)}
      >
        {wait > 0 ? `Новый код через ${countdown(wait)}` : "Отправить новый код"}
      </Button>
    </>
  );
}
