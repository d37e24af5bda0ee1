import { Page } from "@/shared/ui/page";

export function ContactStep() {
  return <Page title="ContactStep">…</Page>;
}
