import { Page } from "@/shared/ui/page";

export function ThreadScreen() {
  return <Page title="ThreadScreen">…</Page>;
}
