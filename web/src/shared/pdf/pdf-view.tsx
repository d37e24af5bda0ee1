import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { signedFetch, whole } from "@/shared/api/http";
import { Problem } from "@/shared/api/problem";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";

// Half a megabyte, loaded only when a document is opened.
const PdfPages = lazy(() => import("./pdf-pages"));

const MOST_TRIES = 6;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 4_000;

interface Props {
  /** Path of an API route that returns `application/pdf`. */
  path: string;
  name: string;
  fileName: string;
}

/** A stored document, fetched with the access token and shown on the page. */
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

/** A document may be listed shortly before its file is stored; or the connection is lost. */
function isOnItsWay(error: Error): boolean {
  return error instanceof Problem && (error.passing || error.status === 404);
}

async function fetchPdf(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await signedFetch(new Request(path, { headers: { Accept: "application/pdf" }, signal }));
  if (!answer.ok) throw Problem.of(answer, await answer.json().catch(() => undefined));
  return whole(answer.arrayBuffer());
}
