import { Page } from "@/shared/ui/page";

export function DevicesStep() {
  return <Page title="DevicesStep">…</Page>;
}
