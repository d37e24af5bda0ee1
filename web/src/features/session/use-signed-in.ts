import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

import { forgetList } from "@/entities/clients/opened-list";
import { signedIn } from "@/shared/api/session";

/** Completes a sign-in: clears the data of the previous session and opens `path`. */
export function useSignedIn(): (answer: { access_token: string }, path: string) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return (answer, path) => {
    queries.clear();
    forgetList();
    signedIn(answer);
    router.history.replace(path);
  };
}
