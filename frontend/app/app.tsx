import { lazy, Suspense, useEffect } from "react";
import { Link, Route, Switch } from "wouter";
import { ProjectsPage } from "./projects/projects-page";
import { Page } from "./shell/page";
import { ServerBanner } from "./shell/server-banner";
import { SessionGate } from "./shell/session-gate";
import { TopBar } from "./shell/top-bar";
import { TimelinePage } from "./timeline/page/timeline-page";
import { startSaving } from "./timeline/saving/saving";

const VideoPage = lazy(() => import("./video/video-page"));
const TrashPage = lazy(() => import("./trash/trash-page"));
const SettingsPage = lazy(() => import("./settings/settings-page"));
const LibraryPage = lazy(() => import("./library/library-page"));
const ItemsPage = lazy(() => import("./items/items-page"));

/** backend/storyflow/web_client.py answers the same addresses with this client's page. */
export function App() {
  useEffect(startSaving, []);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar />
      <ServerBanner />
      <SessionGate>
        <Suspense fallback={<main id="main" className="page" aria-busy />}>
          <Switch>
            <Route path="/" component={ProjectsPage} />
            <Route path="/projects/:id">{({ id }) => <TimelinePage key={id} id={Number(id)} />}</Route>
            <Route path="/projects/:id/video">{({ id }) => <VideoPage key={id} id={Number(id)} />}</Route>
            <Route path="/library" component={LibraryPage} />
            <Route path="/items/:id?">{({ id }) => <ItemsPage openId={id} />}</Route>
            <Route path="/trash" component={TrashPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </SessionGate>
    </>
  );
}

function NotFound() {
  return (
    <Page title="Not found">
      <div className="state">
        <h1>This page does not exist</h1>
        <p>It may have been deleted; deleted things wait in Trash.</p>
        <div className="acts-row">
          <Link className="btn" href="/">
            Projects
          </Link>
          <Link className="btn" href="/trash">
            Open Trash
          </Link>
        </div>
      </div>
    </Page>
  );
}
