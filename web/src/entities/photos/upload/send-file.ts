import type { SchemaUploadTicket } from "@/shared/api/generated/schema";
import { Problem } from "@/shared/api/problem";

/** Milliseconds without progress after which the connection counts as lost. */
const STALLED = 45_000;

interface Way {
  signal: AbortSignal;
  progress: (percent: number) => void;
}

/** Uploads a photo with its ticket. Throws `Problem` when refused or when the connection is lost. */
export function upload(
  ticket: Pick<SchemaUploadTicket, "url" | "fields" | "headers">,
  photo: Blob,
  { signal, progress }: Way,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
  form.append("file", photo, "photo");

  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const stop = () => call.abort();
    let watch: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(stop, STALLED);
    };
    call.upload.onprogress = ({ loaded, total }) => {
      alive();
      progress(total > 0 ? Math.floor((100 * loaded) / total) : 0);
    };
    call.onload = () => (call.status >= 200 && call.status < 300 ? resolve() : reject(refused(call)));
    call.onerror = () => reject(Problem.unreachable());
    call.onabort = () => reject(Problem.unreachable());
    call.onloadend = () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
    };
    call.open("POST", ticket.url);
    for (const [name, value] of Object.entries(ticket.headers)) call.setRequestHeader(name, value);
    signal.addEventListener("abort", stop);
    alive();
    call.send(form);
  });
}

/** The upload gateway returns problem documents like the API; an object store has its own format. */
function refused(call: XMLHttpRequest): Problem {
  let body: unknown;
  try {
    body = JSON.parse(call.responseText);
  } catch {
    body = undefined;
  }
  return Problem.of(new Response(null, { status: call.status }), body);
}
