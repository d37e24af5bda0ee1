import { Page } from "@/shared/ui/page";

export function FiguresScreen() {
  return <Page title="FiguresScreen">…</Page>;
}
