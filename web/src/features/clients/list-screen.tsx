import { Page } from "@/shared/ui/page";

export function ListScreen() {
  return <Page title="ListScreen">…</Page>;
}
