import { RefreshCw } from "lucide-react";
import { useVoices } from "../queries";
import { askNow, useServer } from "../shell/server";
import { Button } from "../ui/button";
import { Row } from "./option";

/** What can be seen from here; the command `storyflow doctor` looks at every file. */
export function HealthSettings() {
  const health = useServer((server) => server.health);
  const voices = useVoices();
  const silent = voices.data && !voices.data.some((voice) => voice.available);
  const [name, hint] =
    health !== "up"
      ? ["StoryFlow is not answering", "Start it again with “make run”. What you typed is kept in this tab."]
      : silent
        ? ["No voice can speak", voices.data?.[0]?.missing ?? "Run “make setup” again."]
        : ["Everything answers", "For every picture on disk and free space, run “storyflow doctor”."];
  return (
    <Row name={name ?? ""} hint={hint ?? ""}>
      <Button size="small" onClick={() => void Promise.all([askNow(), voices.refetch()])}>
        <RefreshCw aria-hidden className="s" />
        Check again
      </Button>
    </Row>
  );
}
