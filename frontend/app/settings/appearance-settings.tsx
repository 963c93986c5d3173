import { chooseAppearance, useAppearance } from "../shell/appearance";
import { ChoiceRow, Switch } from "../ui/choices";
import { Row } from "./option";

type Theme = "computer" | "light" | "dark";
type Reading = "small" | "normal" | "large";

/** Kept in this browser. */
export function AppearanceSettings() {
  const { theme, reading, motion, singleKeys } = useAppearance();
  return (
    <>
      <Row name="Theme" hint="Follows your computer unless you choose.">
        <ChoiceRow<Theme>
          label="Theme"
          value={theme || "computer"}
          options={[
            { value: "computer", label: "Computer" },
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
          onChange={(theme) => chooseAppearance({ theme: theme === "computer" ? "" : theme })}
        />
      </Row>
      <Row name="Reading size" hint="The size of narration text in the timeline.">
        <ChoiceRow<Reading>
          label="Reading size"
          value={reading || "normal"}
          options={[
            { value: "small", label: "Small" },
            { value: "normal", label: "Normal" },
            { value: "large", label: "Large" },
          ]}
          onChange={(reading) => chooseAppearance({ reading: reading === "normal" ? "" : reading })}
        />
      </Row>
      <Row name="Reduce motion" hint="Stills in the preview, nothing slides or turns.">
        <Switch
          label="Reduce motion"
          isOn={motion === "less"}
          onChange={(isOn) => chooseAppearance({ motion: isOn ? "less" : "" })}
        />
      </Row>
      <Row name="Single-key shortcuts" hint="L locks, C copies the prompt, and so on, while a card has the focus.">
        <Switch
          label="Single-key shortcuts"
          isOn={singleKeys}
          onChange={(isOn) => chooseAppearance({ singleKeys: isOn })}
        />
      </Row>
    </>
  );
}
