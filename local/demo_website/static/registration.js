// Reads the filled-in form and posts it.

// A tag that is none would get the sign-up refused, and the visitor could not mend it.
const CAMPAIGN = /^[\p{L}\p{N}_ .~-]{1,100}$/u;
export const DEFAULT_WAIT_SECONDS = 10;
const SHORTEST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 600;
const PATIENCE_MILLISECONDS = 20_000;

/** The JSON body of the register call. What is empty or not ticked is left out. */
export function registrationOf(form, description, language) {
  const data = new FormData(form);
  const fields = {};
  for (const { id, kind } of description.fields) {
    const answers = data.getAll(id).filter((answer) => answer !== "");
    if (answers.length > 0) {
      fields[id] = kind === "multipleChoice" ? answers : kind === "yesNo" ? true : answers[0];
    }
  }
  if (data.get(description.honeypot)) {
    fields[description.honeypot] = data.get(description.honeypot);
  }
  // Without the query: it may hold click ids that say who the visitor is.
  const source = { pageUrl: location.origin + location.pathname };
  const campaign = new URLSearchParams(location.search).get("utm_campaign");
  if (CAMPAIGN.test(campaign ?? "")) {
    source.campaign = campaign;
  }
  return { fields, consents: data.getAll("consent"), locale: language, source };
}

/**
 * A function that posts registrations to `url`. The same registration posted again, after an
 * answer got lost, has the same key and counts once; a changed one has a new key.
 *
 * Answers `{accepted: true}`, `{errors}` (pointer, code, message), `{retryAfter}` (seconds),
 * or `{refused}` (a sentence for the developer).
 */
export function postRegistrationsTo(url) {
  let lastBody = null;
  let key = null;
  return async function post(registration) {
    const body = JSON.stringify(registration);
    if (body !== lastBody) {
      lastBody = body;
      key = crypto.randomUUID();
    }
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body,
        signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
      });
    } catch {
      return { retryAfter: DEFAULT_WAIT_SECONDS };
    }
    if (response.status === 202) {
      return { accepted: true };
    }
    if (response.status === 429 || response.status >= 500) {
      return { retryAfter: waitSeconds(response.headers.get("Retry-After")) };
    }
    const problem = await response.json().catch(() => ({}));
    return response.status === 422 && problem.errors
      ? { errors: problem.errors }
      : { refused: `${response.status} ${problem.detail ?? problem.title ?? ""}` };
  };
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function waitSeconds(header) {
  if (header === null) {
    return DEFAULT_WAIT_SECONDS;
  }
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds)
    ? DEFAULT_WAIT_SECONDS
    : Math.min(Math.max(Math.ceil(seconds), SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS);
}
