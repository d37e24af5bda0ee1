import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { signedFetch, whole } from "@/shared/api/http";
import { Problem } from "@/shared/api/problem";
import { Failure } from "@/shared/ui/feedback/notice";
import { Loading } from "@/shared/ui/feedback/loading";

// Half a megabyte that only those who look at a document wait for.
const PdfPages = lazy(() => import("./pdf-pages"));

const MOST_TRIES = 6;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 4_000;

interface Props {
  /** An address of our API that answers `application/pdf`. */
  path: string;
  name: string;
  fileName: string;
}

/** A stored document, fetched with the bearer and shown in the page. */
export function PdfView({ path, name, fileName }: Props) {
  const file = useQuery({
    queryKey: ["pdf", path],
    queryFn: ({ signal }) => fetchPdf(path, signal),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: (tries, error) => isOnItsWay(error) && tries < MOST_TRIES,
    retryDelay: (tries) => Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries),
  });
  if (file.isError) return <Failure error={file.error} retry={file.refetch} />;
  if (file.data === undefined) return <Loading rows={2} />;
  return (
    <Suspense fallback={<Loading rows={2} />}>
      <PdfPages bytes={file.data} name={name} fileName={fileName} />
    </Suspense>
  );
}

/** A paper is told of a moment before its file is stored; or the network is gone. */
function isOnItsWay(error: Error): boolean {
  return error instanceof Problem && (error.passing || error.status === 404);
}

async function fetchPdf(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await signedFetch(new Request(path, { headers: { Accept: "application/pdf" }, signal }));
  if (!answer.ok) throw Problem.of(answer, await answer.json().catch(() => undefined));
  return whole(answer.arrayBuffer());
}
