import { Page } from "@/shared/ui/page";

export function PassportStep() {
  return <Page title="PassportStep">…</Page>;
}
