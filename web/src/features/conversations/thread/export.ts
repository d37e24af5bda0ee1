import { signedFetch, whole } from "@/shared/api/http";
import { Problem } from "@/shared/api/problem";

import type { Conversation } from "../queries";

export type Format = "csv" | "json";

/** Downloads the conversation as a file. Throws `Problem`. */
export async function download(
  conversation: Pick<Conversation, "id" | "number">,
  format: Format,
): Promise<void> {
  const answer = await signedFetch(new Request(`/api/dialogs/${conversation.id}/export?format=${format}`));
  if (!answer.ok) throw Problem.of(answer, await answer.json().catch(() => undefined));
  const url = URL.createObjectURL(await whole(answer.blob()));
  const link = document.createElement("a");
  link.href = url;
  link.download = `dialog-${conversation.number}.${format}`;
  link.click();
  // Long enough for the browser to start the download.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
