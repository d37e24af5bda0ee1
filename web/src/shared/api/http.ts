import createClient from "openapi-fetch";

import type { paths } from "./generated/schema";
import { Problem } from "./problem";
import { accessToken, renew } from "./session";

/** Client of the API: signs requests, renews an expired token once, throws `Problem` for refusals. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: signedFetch });

/** A signed request, also for streams and files, which the generated client does not support. */
export async function signedFetch(request: Request): Promise<Response> {
  const spare = request.clone();
  const first = await reach(signed(request));
  if (first.status !== 401 || accessToken() === null || !(await renew())) return first;
  return reach(signed(spare));
}

function signed(request: Request): Request {
  const token = accessToken();
  if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (failure) {
    if (request.signal.aborted) throw failure;
    throw Problem.unreachable();
  }
}

interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The body of a response. Throws `Problem` for a refusal. */
export async function ask<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  return (await askWhole(call)).data;
}

/** The body and the headers: `Link` of the next page, `ETag` of a card. */
export async function askWhole<Data>(
  call: Promise<Answered<Data>>,
): Promise<{ data: Data; headers: Headers }> {
  const { data, error, response } = await whole(call);
  if (!response.ok) throw Problem.of(response, error);
  return { data: data as Data, headers: response.headers };
}

/** Reads a body; a connection lost after the headers (`TypeError`) becomes a `Problem`. */
export async function whole<Read>(reading: Promise<Read>): Promise<Read> {
  try {
    return await reading;
  } catch (failure) {
    throw failure instanceof TypeError ? Problem.unreachable() : failure;
  }
}

/** Cursor of the next page; undefined on the last one (RFC 8288). */
export function nextCursor(headers: Headers, name = "cursor"): string | undefined {
  const url = /<([^>]+)>;\s*rel="?next"?/.exec(headers.get("Link") ?? "")?.[1];
  return url === undefined ? undefined : (new URL(url, location.origin).searchParams.get(name) ?? undefined);
}
