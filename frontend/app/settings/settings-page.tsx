import { type ReactNode, useEffect, useState } from "react";
import { useSettings, useStorage } from "../queries";
import { Page } from "../shell/page";
import { FailedState, Later } from "../ui/states";
import { AppearanceSettings } from "./appearance-settings";
import { HealthSettings } from "./health-settings";
import { NarrationSettings } from "./narration-settings";
import { useSaving } from "./saving";
import { StorageSettings } from "./storage-settings";
import { VideoSettings } from "./video-settings";

const SECTIONS = [
  { id: "narration", name: "Narration" },
  { id: "video", name: "Video" },
  { id: "appearance", name: "Appearance" },
  { id: "storage", name: "Storage" },
  { id: "health", name: "Health" },
];

export default function SettingsPage() {
  const settings = useSettings();
  const saving = useSaving();
  // Where there are accounts, only administrators are told.
  const storage = useStorage();
  const isReady = settings.data !== undefined && !storage.isPending;
  const here = useSectionInView(isReady);
  useEffect(() => {
    if (isReady && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [isReady]);

  return (
    <Page title="Settings" className="page narrow">
      <div className="page-head">
        <div className="grow">
          <h1>Settings</h1>
          <p className="lede">Saved as you change them. They apply to what you make next.</p>
        </div>
      </div>
      {settings.data ? (
        <div className="setgrid">
          <nav className="toc" aria-label="Settings sections">
            {SECTIONS.filter(({ id }) => id !== "storage" || storage.data).map(({ id, name }) => (
              <a key={id} href={`#${id}`} aria-current={here === id ? "true" : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <div className="min-w-0">
            <Section id="narration" name="Narration">
              <NarrationSettings settings={settings.data} saving={saving} />
            </Section>
            <Section id="video" name="Video">
              <VideoSettings settings={settings.data} saving={saving} />
            </Section>
            <Section id="appearance" name="Appearance">
              <AppearanceSettings />
            </Section>
            {storage.data && (
              <Section id="storage" name="Storage">
                <StorageSettings storage={storage.data} />
              </Section>
            )}
            <Section id="health" name="Health">
              <HealthSettings />
            </Section>
          </div>
        </div>
      ) : settings.isError ? (
        <FailedState
          title="The settings could not be read"
          problem={settings.error}
          onRetry={() => void settings.refetch()}
        />
      ) : (
        <Later>
          <div className="skeleton h-100" />
        </Later>
      )}
    </Page>
  );
}

const Section = ({ id, name, children }: { id: string; name: string; children: ReactNode }) => (
  <section className="set" id={id} aria-labelledby={`${id}-name`}>
    <h2 id={`${id}-name`}>{name}</h2>
    <div className="rows plain">{children}</div>
  </section>
);

function useSectionInView(isReady: boolean): string {
  const [here, setHere] = useState(location.hash.slice(1) || "narration");
  useEffect(() => {
    if (!isReady) return;
    const watcher = new IntersectionObserver(
      (seen) => {
        const first = seen.find((entry) => entry.isIntersecting);
        if (first) setHere(first.target.id);
      },
      { rootMargin: "-80px 0px -70% 0px" },
    );
    for (const section of document.querySelectorAll(".set")) watcher.observe(section);
    return () => watcher.disconnect();
  }, [isReady]);
  return here;
}
