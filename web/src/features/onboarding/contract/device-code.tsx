import { useState } from "react";

import { useQueryClient } from "@tanstack/react-query";

import { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/field";
import { Input } from "@/shared/ui/input";
import { Failure, Notice } from "@/shared/ui/notice";
import { say } from "@/shared/ui/toast";

import { useCardWrite, useStep } from "../use-step";
import { confirmCode } from "./contracts";
import { digitsOf } from "./stage";

const LENGTH = 6;

/** The fallback, marked as one: the client himself types his code on the manager's device. */
export function DeviceCode({ codeActive }: { codeActive: boolean }) {
  return (
    <details className="rounded-xl border border-line">
      <summary className="flex min-h-11 items-center px-3 font-medium text-accent">
        Клиент без телефона? Ввести код на этом устройстве
      </summary>
      <div className="grid gap-3 p-3 pt-0">
        <Notice kind="warn">
          Код вводит сам клиент, лично. В протоколе останется, что договор подписан на устройстве менеджера.
          Не просите назвать код вслух.
        </Notice>
        <CodeForm codeActive={codeActive} />
      </div>
    </details>
  );
}

function CodeForm({ codeActive }: { codeActive: boolean }) {
  const { clientId } = useStep();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const [short, setShort] = useState(false);
  const confirm = useCardWrite((digits: string, key) => confirmCode(clientId, digits, key), {
    success: () => say("Договор подписан"),
    failure: async () => {
      setCode("");
      await queries.invalidateQueries({ queryKey: keys.contracts(clientId) });
    },
  });
  const submit = (event: React.SubmitEvent) => {
    event.preventDefault();
    setShort(code.length < LENGTH);
    if (code.length === LENGTH) confirm.send(code);
  };
  const wrong = confirm.error !== null && isWrongCode(confirm.error) ? confirm.error.message : undefined;
  return (
    <form className="grid gap-3" onSubmit={submit} noValidate>
      <Field label="Код из чата клиента" error={wrong ?? (short ? `В коде ${LENGTH} цифр.` : undefined)}>
        <Input
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          enterKeyHint="done"
          className="max-w-48 font-mono text-xl tracking-[0.3em]"
          onChange={(event) => {
            setShort(false);
            setCode(digitsOf(event.target.value));
          }}
        />
      </Field>
      {confirm.error !== null && wrong === undefined && <Failure error={confirm.error} />}
      <Button type="submit" busy={confirm.isPending} disabled={!codeActive} className="sm:justify-self-start">
        Подписать договор
      </Button>
      {!codeActive && <p className="text-sm text-ink-soft">Сначала отправьте клиенту действующий код.</p>}
    </form>
  );
}

function isWrongCode(problem: Problem): boolean {
  return problem.code === "otp-invalid" || problem.code === "invalid-value";
}
