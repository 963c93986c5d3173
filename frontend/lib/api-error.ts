import { type AxiosError, isAxiosError, isCancel } from "axios";

/** Whatever went wrong with a request, as a sentence; `status` 0 means that no answer came. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly details: unknown = undefined,
    readonly etag: string | null = null,
    readonly isCancelled = false,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** The server was not reached, or something before it answered: trying again may help. */
  get isUnreachable(): boolean {
    return (
      !this.isCancelled && (this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504)
    );
  }
}

export function apiErrorOf(problem: unknown): ApiError {
  if (isCancel(problem)) return new ApiError("Cancelled", 0, undefined, null, true);
  if (!isAxiosError(problem)) return new ApiError(String(problem), 0);
  if (!problem.response) return new ApiError("StoryFlow is not answering.", 0);
  const { status, headers } = problem.response;
  const { sentence, details } = wordsOf(problem);
  return new ApiError(sentence, status, details, headers.etag ? String(headers.etag) : null);
}

function wordsOf(problem: AxiosError<unknown>): { sentence: string; details: unknown } {
  const body = problem.response?.data;
  if (typeof body === "object" && body !== null) {
    const { error, details, detail } = body as { error?: unknown; details?: unknown; detail?: unknown };
    if (typeof error === "string") return { sentence: error, details };
    if (typeof error === "object" && error !== null && "message" in error)
      return { sentence: String(error.message), details: error };
    if (typeof detail === "string") return { sentence: detail, details };
  }
  return { sentence: "Something went wrong here, nothing was changed.", details: undefined };
}

/** The sentence that helps most: details where they are text, else the error itself. */
export function reasonOf(problem: unknown): string {
  if (!(problem instanceof ApiError)) return problem instanceof Error ? problem.message : String(problem);
  const said = sentencesIn(problem.details);
  return said.length > 0 && problem.status !== 412 ? said.join(" ") : problem.message;
}

function sentencesIn(details: unknown): string[] {
  if (typeof details === "string") return [details];
  if (Array.isArray(details)) return details.flatMap(sentencesIn);
  if (typeof details === "object" && details !== null) {
    if ("message" in details && typeof details.message === "string") return [details.message];
    return Object.values(details).flatMap((value) => (Array.isArray(value) ? sentencesIn(value) : []));
  }
  return [];
}
