import { useState } from "react";
import { useLocation } from "wouter";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/states";
import { openExample } from "./bundles";

export function NoProjects({ onImport }: { onImport: () => void }) {
  return (
    <EmptyState
      title="Your first story goes here"
      actions={
        <>
          <Button kind="primary" onClick={onImport}>
            Import a story
          </Button>
          <OpenExample />
        </>
      }
    >
      Paste a text or drop a file. You see how it splits before anything is saved.
    </EmptyState>
  );
}

function OpenExample() {
  const [, go] = useLocation();
  const [isOpening, setOpening] = useState(false);
  const refusal = useRefusal();

  async function open() {
    setOpening(true);
    const id = await openExample();
    setOpening(false);
    if (id !== null) go(`/projects/${id}`);
  }

  return (
    <Button refusal={isOpening ? "Opening…" : refusal} onClick={() => void open()}>
      {isOpening ? "Opening…" : "Open the example"}
    </Button>
  );
}
