import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { Problem } from "@/shared/api/problem";
import { signedFetch } from "@/shared/api/http";
import { Failure } from "@/shared/ui/notice";
import { Loading } from "@/shared/ui/skeleton";

// Half a megabyte that only those who look at a document wait for.
const PdfPages = lazy(() => import("./pdf-pages"));

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
  });
  if (file.isError) return <Failure error={file.error} retry={file.refetch} />;
  if (file.data === undefined) return <Loading rows={2} />;
  return (
    <Suspense fallback={<Loading rows={2} />}>
      <PdfPages bytes={file.data} name={name} fileName={fileName} />
    </Suspense>
  );
}

async function fetchPdf(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await signedFetch(new Request(path, { headers: { Accept: "application/pdf" }, signal }));
  if (!answer.ok) throw Problem.of(answer, await answer.json().catch(() => undefined));
  return answer.arrayBuffer();
}
