/** Problem document of the server (RFC 9457), with a message for the user. */
interface ProblemDocument {
  status: number;
  code: string;
  detail: string;
  errors?: { loc: string[]; msg: string }[] | null;
  [more: string]: unknown;
}

const NO_ANSWER = "Нет связи с сервером. Проверьте интернет: как только связь появится, можно продолжить.";
const UNREADABLE = "Сервер ответил непонятно. Обновите страницу и попробуйте ещё раз.";
const FAILED = "Приложение не справилось с этим действием. Обновите страницу и попробуйте ещё раз.";

export class Problem extends Error {
  override name = "Problem";

  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.detail);
    this.document = document;
  }

  get code(): string {
    return this.document.code;
  }

  get status(): number {
    return this.document.status;
  }

  /** The server was unreachable or unavailable: the request may be repeated with the same key. */
  get passing(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504;
  }

  /** Not found, or the id is malformed. */
  get missing(): boolean {
    return this.status === 404 || this.status === 422;
  }

  /** Error of one field of the request body. */
  field(name: string): string | undefined {
    return this.document.errors?.find((one) => one.loc[0] === "body" && one.loc[1] === name)?.msg;
  }

  static of(response: Response, body: unknown): Problem {
    if (typeof body === "object" && body !== null && "detail" in body && "code" in body) {
      return new Problem(body as ProblemDocument);
    }
    return new Problem({ status: response.status, code: "unreadable", detail: UNREADABLE });
  }

  static unreachable(): Problem {
    return new Problem({ status: 0, code: "offline", detail: NO_ANSWER });
  }
}

/** Message for any error; what is no answer of the server is a fault of the app, not of the server. */
export function sentence(error: unknown): string {
  return error instanceof Problem ? error.message : FAILED;
}
