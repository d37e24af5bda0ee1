import createClient from "openapi-fetch";

import { Problem } from "./problem";
import type { paths } from "./generated/schema";
import { accessToken, renew } from "./session";

/** Every call of the API goes through here: signed, renewed once when its token has run out, refused as a `Problem`. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: signedFetch });

/** A request with the bearer; also for what the generated client cannot do: streams, files. */
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

/** The body of an answer; `Problem` for a refusal. */
export async function ask<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  return (await askWhole(call)).data;
}

/** The body with the headers beside it: `Link` of the next page, `ETag` of a card. */
export async function askWhole<Data>(
  call: Promise<Answered<Data>>,
): Promise<{ data: Data; headers: Headers }> {
  const { data, error, response } = await whole(call);
  if (!response.ok) throw Problem.of(response, error);
  return { data: data as Data, headers: response.headers };
}

/** What is read of an answer; the line may also be cut after its head has come (`TypeError` of fetch). */
export async function whole<Read>(reading: Promise<Read>): Promise<Read> {
  try {
    return await reading;
  } catch (failure) {
    throw failure instanceof TypeError ? Problem.unreachable() : failure;
  }
}

/** The cursor of the next page; undefined on the last one (RFC 8288). */
export function nextCursor(headers: Headers, name = "cursor"): string | undefined {
  const url = /<([^>]+)>;\s*rel="?next"?/.exec(headers.get("Link") ?? "")?.[1];
  return url === undefined ? undefined : (new URL(url, location.origin).searchParams.get(name) ?? undefined);
}
