import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { getSession, signIn } from "@/lib/api";
import { reasonOf } from "@/lib/api-error";
import { Button } from "../ui/button";
import { Page } from "./page";

export const useSession = () =>
  useQuery({ queryKey: ["session"], queryFn: getSession, staleTime: Number.POSITIVE_INFINITY });

/** Where accounts are on, a page to sign in at; where they are off, nothing. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  if (session.data?.accounts && !session.data.user) return <SignIn />;
  return children;
}

function SignIn() {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      const session = await signIn(String(form.get("username")), String(form.get("password")));
      // Not the session's own: this page would go on watching the query that was removed.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
      queries.setQueryData(["session"], session);
    } catch (reason) {
      setProblem(reasonOf(reason));
    }
  }

  return (
    <Page title="Sign in">
      <form className="mx-auto grid max-w-90 gap-4" onSubmit={submit}>
        <h1>Sign in</h1>
        <label>
          <span className="lab">Name</span>
          <span className="field">
            <input name="username" autoComplete="username" required aria-invalid={problem !== null} />
          </span>
        </label>
        <label>
          <span className="lab">Password</span>
          <span className="field">
            <input name="password" type="password" autoComplete="current-password" required />
          </span>
        </label>
        {problem && (
          <p className="error-line" role="alert">
            {problem}
          </p>
        )}
        <Button kind="primary" type="submit">
          Sign in
        </Button>
      </form>
    </Page>
  );
}
