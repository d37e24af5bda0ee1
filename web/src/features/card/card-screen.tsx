import { Page } from "@/shared/ui/page";

export function CardScreen() {
  return <Page title="CardScreen">…</Page>;
}
