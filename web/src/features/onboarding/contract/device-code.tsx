import { ChevronDown } from "lucide-react";
import { useRef, useState } from "react";

import { useQueryClient } from "@tanstack/react-query";

import { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import { Button } from "@/shared/ui/button";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";

import { useCardWrite, useStep } from "../use-step";
import { confirmCode } from "./contracts";
import { codeOf } from "./stage";

const LENGTH = 6;

interface Props {
  codeActive: boolean;
  /** When the code was sent; the form resets for a new one. */
  sentAt: string | undefined;
  phoneConfirmed: boolean;
}

/** Fallback: the client enters the code on the manager's device. */
export function DeviceCode({ codeActive, sentAt, phoneConfirmed }: Props) {
  return (
    <details className="group rounded-xl border border-line">
      <summary className="flex min-h-11 items-center justify-between gap-3 px-3 py-2">
        <span>
          <span className="block font-medium text-accent">Ввести код на этом устройстве</span>
          <span className="block text-sm text-ink-soft">
            Запасной способ: если клиент не может подписать у себя
          </span>
        </span>
        <ChevronDown aria-hidden className="size-5 shrink-0 text-accent group-open:rotate-180" />
      </summary>
      <div className="grid gap-3 p-3 pt-0">
        <Notice kind="warn">
          Код вводит сам клиент, лично: он приходит в его чат или на подтверждённый телефон. В протоколе этот
          способ отмечен как менее надёжный. Не просите назвать код вслух.
        </Notice>
        {phoneConfirmed ? (
          <CodeForm key={sentAt} codeActive={codeActive} />
        ) : (
          <p className="text-sm text-ink-soft">
            Сначала клиент подтверждает свой телефон в приложении: без этого подписать нельзя и здесь.
          </p>
        )}
      </div>
    </details>
  );
}

function CodeForm({ codeActive }: { codeActive: boolean }) {
  const { clientId } = useStep();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const [isWrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const confirm = useCardWrite((digits: string, key) => confirmCode(clientId, digits, key), {
    failure: async () => {
      setCode("");
      input.current?.focus();
      await queries.invalidateQueries({ queryKey: keys.contracts(clientId) });
    },
  });
  const submit = (event: React.SubmitEvent) => {
    event.preventDefault();
    const whole = new RegExp(`^\\d{${LENGTH}}$`).test(code);
    setWrong(!whole);
    if (whole) confirm.send(code);
  };
  const wrong = confirm.error !== null && isWrongCode(confirm.error) ? confirm.error.message : undefined;
  return (
    <form className="grid gap-3" onSubmit={submit} noValidate>
      <Field label="Код клиента" error={wrong ?? (isWrong ? `В коде ${LENGTH} цифр.` : undefined)}>
        <Input
          ref={input}
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          enterKeyHint="done"
          className="max-w-48 font-mono text-xl tracking-[0.3em]"
          onChange={(event) => {
            setWrong(false);
            setCode(codeOf(event.target.value));
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
