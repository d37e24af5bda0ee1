import { Page } from "@/shared/ui/page";

export function ConversationsScreen() {
  return <Page title="ConversationsScreen">…</Page>;
}
