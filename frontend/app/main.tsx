import { QueryClientProvider } from "@tanstack/react-query";
import { Tooltip } from "radix-ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { queries } from "./queries";
import { watchServer } from "./shell/server";
import { catchStrayDrops } from "./shell/stray-drops";
import { followOtherTabs } from "./shell/tabs";
import { Notices } from "./ui/toasts";
import "./styles/index.css";

watchServer();
followOtherTabs();
catchStrayDrops();

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Tooltip.Provider delayDuration={500}>
          <App />
          <Notices />
        </Tooltip.Provider>
      </QueryClientProvider>
    </StrictMode>,
  );
