import { Page } from "@/shared/ui/page";

export function ContractStep() {
  return <Page title="ContractStep">…</Page>;
}
