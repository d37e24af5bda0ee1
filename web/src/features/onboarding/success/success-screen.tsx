import { Page } from "@/shared/ui/page";

export function SuccessScreen() {
  return <Page title="SuccessScreen">…</Page>;
}
