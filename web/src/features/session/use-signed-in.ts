import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

import { signedIn } from "@/shared/api/session";
import { forgetList } from "@/entities/clients/opened-list";

/** Lets somebody in who has proven who he is: nothing that was read for another person stays, and on to `path`. */
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
