import { Page } from "@/shared/ui/page";

export function EnterScreen() {
  return <Page title="EnterScreen">…</Page>;
}
