import { Link } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { useEffect, type ReactNode } from "react";

import { HeldByOther } from "@/entities/clients/held-by-other";
import { ClientMenu } from "@/entities/clients/menu";
import { SignerNotices } from "@/entities/clients/signer";
import { Button } from "@/shared/ui/button";
import { Page } from "@/shared/ui/layout/page";

import { Stepper } from "./stepper";
import { nextNumber, previousNumber, stepRoute, type StepNumber } from "./steps";
import { useStep } from "./use-step";

/** Main action: submits the form with the id `form`, or calls `press`. */
export interface Next {
  label: string;
  form?: string;
  press?: () => void;
  busy?: boolean;
  disabled?: boolean;
}

interface Props {
  step: StepNumber;
  /** Heading of the page: «Контактные данные». */
  title: string;
  /** Absent when the page has its own actions. When another manager holds the card, «Далее» only navigates. */
  next?: Next | undefined;
  /** One line above the buttons: «Сохранено в 14:05». */
  note?: ReactNode;
  children: ReactNode;
}

/** Common layout of the wizard's pages; used below `OnboardingFrame`. */
export function StepPage({ step, title, next, note, children }: Props) {
  const { clientId, detail, holder } = useStep();
  useFocusOnPage();
  return (
    <>
      <Page title={title} back={<ToCard />}>
        <div className="-mt-3 flex min-h-11 items-center justify-between gap-2">
          <p className="min-w-0 wrap-anywhere text-ink-soft">{detail.user.name ?? "Имя не указано"}</p>
          <ClientMenu clientId={clientId} detail={detail} />
        </div>
        <Stepper current={step} />
        <HeldByOther clientId={clientId} holder={holder} />
        <SignerNotices detail={detail} />
        {children}
        <div aria-hidden className="h-24" />
      </Page>
      <Bar step={step} next={next} note={note} />
    </>
  );
}

/** Moves keyboard focus to the top of the new page. */
function useFocusOnPage(): void {
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    document.getElementById("content")?.focus({ preventScroll: true });
  }, []);
}

function ToCard() {
  const { clientId } = useStep();
  return (
    <Button asChild look="quiet" size="icon" className="-ml-3">
      <Link
        to="/clients/$clientId"
        params={{ clientId }}
        activeOptions={{ exact: true }}
        aria-label="К карточке клиента"
      >
        <ArrowLeft aria-hidden />
      </Link>
    </Button>
  );
}

function Bar({ step, next, note }: Pick<Props, "step" | "next" | "note">) {
  const { clientId, mayWrite } = useStep();
  const before = previousNumber(step);
  const after = nextNumber(step);
  return (
    <div
      role="region"
      aria-label="Действия шага"
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface/95 safe-bottom backdrop-blur"
    >
      <div className="mx-auto grid max-w-3xl gap-1 py-2 safe-x">
        {mayWrite && note !== undefined && note !== null && (
          <div className="text-sm text-ink-soft">{note}</div>
        )}
        <div className="flex gap-2">
          <Button asChild look="secondary" className={next === undefined ? "flex-1 sm:flex-none" : ""}>
            {before === undefined ? (
              <Link to="/clients/$clientId" params={{ clientId }} activeOptions={{ exact: true }}>
                К карточке
              </Link>
            ) : (
              <Link to={stepRoute(before)} params={{ clientId }}>
                Назад
              </Link>
            )}
          </Button>
          {mayWrite && next !== undefined && <NextButton next={next} />}
          {!mayWrite && after !== undefined && (
            <Button asChild className="ml-auto flex-1 sm:flex-none">
              <Link to={stepRoute(after)} params={{ clientId }}>
                Далее
                <ArrowRight aria-hidden />
              </Link>
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function NextButton({ next: { label, form, press, busy = false, disabled = false } }: { next: Next }) {
  return (
    <Button
      {...(form === undefined ? {} : { type: "submit" as const, form })}
      {...(press === undefined ? {} : { onClick: press })}
      busy={busy}
      disabled={disabled}
      className="ml-auto min-w-0 flex-1 whitespace-normal sm:min-w-48 sm:flex-none"
    >
      {label}
    </Button>
  );
}
