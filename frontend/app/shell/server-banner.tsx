import { Check, TriangleAlert } from "lucide-react";
import { plural } from "@/lib/words";
import { savedSinceReturn } from "../timeline/saving/saving";
import { Button } from "../ui/button";
import { askNow, useServer } from "./server";

export function ServerBanner() {
  const { health, wasRestored } = useServer();
  if (health === "down")
    return (
      <section className="banner" aria-label="Connection" role="alert">
        <TriangleAlert aria-hidden />
        <span>
          <b>StoryFlow is not answering.</b> Your last words are kept in this tab and will be saved when it is back.
        </span>
        <Button size="small" className="ml-auto" onClick={() => void askNow()}>
          Try now
        </Button>
      </section>
    );
  if (wasRestored) {
    const saved = savedSinceReturn();
    return (
      <section className="banner ok" aria-label="Connection" role="status">
        <Check aria-hidden />
        {saved ? `Back. ${plural(saved, "change")} saved.` : "Back."}
      </section>
    );
  }
  return null;
}
