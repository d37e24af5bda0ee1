import { useParams } from "@tanstack/react-router";

import { Thread } from "./thread";

export function ThreadScreen() {
  const { conversationId } = useParams({ from: "/inside/conversations/$conversationId" });
  return <Thread key={conversationId} conversationId={conversationId} />;
}
