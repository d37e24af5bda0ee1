import { Page } from "@/shared/ui/page";

export function SignInScreen() {
  return <Page title="SignInScreen">…</Page>;
}
