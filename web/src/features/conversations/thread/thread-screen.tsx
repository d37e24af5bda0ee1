import { useParams } from "@tanstack/react-router";

import { Thread } from "./thread";

export function ThreadScreen() {
  const { dialogId } = useParams({ from: "/inside/conversations/$dialogId" });
  return <Thread key={dialogId} dialogId={dialogId} />;
}
