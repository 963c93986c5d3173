import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Framing } from "@/lib/types";
import { keys, queries } from "../../queries";
import { Around, aProject, aSegment } from "../../testing";
import * as toasts from "../../ui/toasts";
import { useFraming } from "./framing";

vi.mock("@/lib/api");
vi.mock("../../ui/toasts");

const everywhere = <Point,>(point: Point) => ({ "16:9": point, "9:16": point, "1:1": point });
const AS_FILM: Framing = {
  focus: [0.5, 0.5],
  motion: "auto",
  fit: null,
  focuses: everywhere([0.5, 0.5]),
  own_focuses: {},
  held_motions: everywhere(null),
  suggested: null,
};

async function looking() {
  const segment = aSegment({ image_file: "/media/a.jpg" });
  aProject([segment]);
  const hook = renderHook(() => useFraming(segment), { wrapper: Around });
  await waitFor(() => expect(hook.result.current.query.data).toEqual(AS_FILM));
  return hook;
}

let kept: Framing;

const shown = () => queries.getQueryData<Framing>(keys.framing(3));

beforeEach(() => {
  queries.clear();
  vi.resetAllMocks();
  kept = AS_FILM;
  vi.mocked(api.getSegment).mockResolvedValue({ segment: aSegment(), etag: '"3"' });
  vi.mocked(api.getFraming).mockImplementation(async () => kept);
  vi.mocked(api.updateFraming).mockImplementation(async (_id, { focus, motion, fit }) => {
    const point = focus ?? AS_FILM.focus;
    kept = {
      ...AS_FILM,
      focus: point,
      focuses: everywhere(point),
      motion: motion ?? AS_FILM.motion,
      fit: fit ?? null,
    };
    return kept;
  });
});

describe("how a picture is looked at", () => {
  it("has a point for each shape, and those of several shapes are sent together", async () => {
    const { result } = await looking();
    act(() => result.current.change({ focuses: { "9:16": [0.2, 0.5] } }));
    act(() => result.current.change({ focuses: { "1:1": [0.7, 0.5] } }));
    expect(shown()?.focuses).toEqual({ "16:9": [0.5, 0.5], "9:16": [0.2, 0.5], "1:1": [0.7, 0.5] });
    act(() => result.current.change({ focuses: { "9:16": null } }));
    expect(shown()?.focuses["9:16"]).toEqual([0.5, 0.5]);
    await waitFor(() => expect(api.updateFraming).toHaveBeenCalledOnce());
    expect(api.updateFraming).toHaveBeenCalledWith(3, { focuses: { "9:16": null, "1:1": [0.7, 0.5] } });
  });

  it("gives up the points of every shape at once", async () => {
    const { result } = await looking();
    act(() => result.current.change({ focuses: { "9:16": [0.2, 0.5] } }));
    act(() => result.current.change({ focuses: null }));
    expect(shown()?.own_focuses).toEqual({});
    await waitFor(() => expect(api.updateFraming).toHaveBeenCalledWith(3, { focuses: null }));
  });

  it("is shown at once and sent as one change a moment later", async () => {
    const { result } = await looking();
    act(() => {
      result.current.change({ focus: [0.6, 0.5] });
      result.current.change({ focus: [0.7, 0.5] });
      result.current.change({ motion: "still" });
    });
    expect(shown()).toMatchObject({ focus: [0.7, 0.5], focuses: everywhere([0.7, 0.5]), motion: "still", fit: null });
    expect(api.updateFraming).not.toHaveBeenCalled();
    await waitFor(() => expect(result.current.state).toBe("saved"));
    expect(vi.mocked(api.updateFraming).mock.calls).toEqual([[3, { focus: [0.7, 0.5], motion: "still" }]]);
  });

  it("is put back, with the reason, when it is refused", async () => {
    vi.mocked(api.updateFraming).mockRejectedValue(new ApiError("Cannot modify a locked segment.", 400));
    const { result } = await looking();
    act(() => result.current.change({ fit: "contain" }));
    await waitFor(() => expect(toasts.toastProblem).toHaveBeenCalledWith("Not saved", expect.any(ApiError)));
    await waitFor(() => expect(shown()).toEqual(AS_FILM));
    expect(result.current.state).toBe("");
  });

  it("is one step to undo for a visit, and none where nothing changed", async () => {
    const { result } = await looking();
    await act(() => result.current.leave());
    expect(toasts.toast).not.toHaveBeenCalled();
    act(() => result.current.change({ focus: [1, 0] }));
    await act(() => result.current.leave());
    expect(toasts.toast).toHaveBeenCalledOnce();
    const [words, undo] = vi.mocked(toasts.toast).mock.calls[0] ?? [];
    expect(words).toBe("Focus and motion of segment 1 changed");
    undo?.onClick();
    await waitFor(() =>
      expect(api.updateFraming).toHaveBeenLastCalledWith(3, {
        focus: null,
        motion: null,
        fit: null,
        focuses: everywhere(null),
      }),
    );
  });
});
