import type { AxiosAdapter, InternalAxiosRequestConfig } from "axios";
import { AxiosError } from "axios";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as client from "./api";
import { ApiError, api } from "./api";
import { reasonOf } from "./api-error";

const file = new File(["x"], "a.jpg", { type: "image/jpeg" });
const original = api.defaults.adapter;
let sent: InternalAxiosRequestConfig;
let answer: { status: number; data: unknown; headers: Record<string, string> };

const adapter: AxiosAdapter = async (config) => {
  sent = config;
  const response = { ...answer, statusText: "", config, request: {} };
  if (answer.status >= 400) throw new AxiosError("refused", "ERR", config, {}, response);
  return response;
};

beforeEach(() => {
  answer = { status: 200, data: { data: "inside" }, headers: {} };
  api.defaults.adapter = adapter;
});
afterEach(() => {
  api.defaults.adapter = original;
});

type Case = [name: string, call: () => Promise<unknown>, method: string, url: string, body?: unknown];

const story = { format: "text" as const, title: "T", raw_text: "Text: a" };
const script = { format: "json" as const, segments: [{ text_content: "a" }], after: null };
const cases: Case[] = [
  ["getProjects", () => client.getProjects(), "get", "/api/projects/"],
  ["getProject", () => client.getProject(4), "get", "/api/projects/4/"],
  ["createProject", () => client.createProject("T"), "post", "/api/projects/", { title: "T" }],
  ["renameProject", () => client.renameProject(4, "T"), "patch", "/api/projects/4/", { title: "T" }],
  ["duplicateProject", () => client.duplicateProject(4), "post", "/api/projects/4/duplicate/"],
  ["deleteProject", () => client.deleteProject(4), "delete", "/api/projects/4/"],
  ["importProject", () => client.importProject(story), "post", "/api/projects/import/", story],
  ["importSegments", () => client.importSegments(4, script), "post", "/api/projects/4/import-segments/", script],
  ["importExample", () => client.importExample(), "post", "/api/projects/import-example/", {}],
  ["checkBundle", () => client.checkBundle(4), "head", "/api/projects/4/bundle/"],
  [
    "compareScript",
    () => client.compareScript(4, script),
    "post",
    "/api/projects/4/reimport/",
    { ...script, dry_run: true },
  ],
  ["reviseProject", () => client.reviseProject(4, script, '"v"'), "post", "/api/projects/4/reimport/", script],
  ["getSegments", () => client.getSegments(4), "get", "/api/segments/?project=4"],
  ["getSegment", () => client.getSegment(7), "get", "/api/segments/7/"],
  [
    "updateSegment",
    () => client.updateSegment(7, { is_locked: true }),
    "patch",
    "/api/segments/7/",
    { is_locked: true },
  ],
  ["updateSegmentIf", () => client.updateSegmentIf(7, {}, '"v"'), "patch", "/api/segments/7/", {}],
  ["deleteSegment", () => client.deleteSegment(7), "delete", "/api/segments/7/"],
  ["applyItemImage", () => client.applyItemImage(7, "u"), "post", "/api/segments/7/use-item-image/", { item_id: "u" }],
  ["swapSegmentImages", () => client.swapSegmentImages(7, 8), "post", "/api/segments/7/swap-image/", { segment: 8 }],
  ["getPictureSize", () => client.getPictureSize(7), "get", "/api/segments/7/picture/"],
  ["removeSegmentImage", () => client.removeSegmentImage(7), "delete", "/api/segments/7/remove-image/"],
  [
    "reorderSegments",
    () => client.reorderSegments(4, [2, 1]),
    "post",
    "/api/segments/reorder/",
    { project_id: 4, segment_order: [2, 1] },
  ],
  ["generateAudio", () => client.generateAudio(7), "post", "/api/segments/7/generate-audio/"],
  ["generateAllAudio", () => client.generateAllAudio(4), "post", "/api/projects/4/generate-all-audio/", {}],
  ["removeSegmentAudio", () => client.removeSegmentAudio(7), "delete", "/api/segments/7/audio/"],
  ["getWords", () => client.getWords(7), "get", "/api/segments/7/words/"],
  ["getProjectTasks", () => client.getProjectTasks(4), "get", "/api/projects/4/tasks/"],
  ["getTask", () => client.getTask("t"), "get", "/api/tasks/t/status/"],
  ["cancelTask", () => client.cancelTask("t"), "post", "/api/tasks/t/cancel/"],
  ["applySegmentImage", () => client.applySegmentImage(7, 9), "post", "/api/segments/7/use-picture/", { segment: 9 }],
  ["getPictures", () => client.getPictures("a ferry", 200), "get", "/api/pictures/?find=a+ferry&first=200"],
  ["splitSegment", () => client.splitSegment(7, 12), "post", "/api/segments/7/split/", { at: 12 }],
  ["mergeSegment", () => client.mergeSegment(7, "Both."), "post", "/api/segments/7/merge/", { text_content: "Both." }],
  ["duplicateSegment", () => client.duplicateSegment(7), "post", "/api/segments/7/duplicate/", {}],
  [
    "changeSegments",
    () => client.changeSegments(4, [{ id: 7, fit: null }]),
    "patch",
    "/api/projects/4/segments/",
    { changes: [{ id: 7, fit: null }] },
  ],
  ["getSegmentChoices", () => client.getSegmentChoices(4), "get", "/api/projects/4/segments/"],
  ["getSegmentSettings", () => client.getSegmentSettings(7), "get", "/api/segments/7/settings/"],
  [
    "updateSegmentSettings",
    () => client.updateSegmentSettings(7, { voice: null }),
    "patch",
    "/api/segments/7/settings/",
    { voice: null },
  ],
  ["getPictureSize", () => client.getPictureSize(7), "get", "/api/segments/7/picture/"],
  ["getTimes", () => client.getTimes(4), "get", "/api/projects/4/times/"],
  ["getFraming", () => client.getFraming(7), "get", "/api/segments/7/framing/"],
  ["updateFraming", () => client.updateFraming(7, { fit: null }), "patch", "/api/segments/7/framing/", { fit: null }],
  ["renderProject", () => client.renderProject(4), "post", "/api/projects/4/render/", {}],
  [
    "renderProject draft",
    () => client.renderProject(4, { draft: true }),
    "post",
    "/api/projects/4/render/",
    { draft: true },
  ],
  ["getProjectStatus", () => client.getProjectStatus(4), "get", "/api/projects/4/status/"],
  ["getReadiness", () => client.getReadiness(4), "get", "/api/projects/4/readiness/"],
  ["getRenders", () => client.getRenders(4), "get", "/api/projects/4/renders/"],
  ["getManifest", () => client.getManifest(4, "b"), "get", "/api/projects/4/manifest/b/"],
  ["deleteRender", () => client.deleteRender(4, 2), "delete", "/api/projects/4/renders/2/"],
  ["getSettings", () => client.getSettings(), "get", "/api/settings/"],
  ["updateSettings", () => client.updateSettings({ speed: 1 }), "patch", "/api/settings/", { speed: 1 }],
  ["getProjectSettings", () => client.getProjectSettings(4), "get", "/api/projects/4/settings/"],
  [
    "updateProjectSettings",
    () => client.updateProjectSettings(4, { voice: null }),
    "patch",
    "/api/projects/4/settings/",
    { voice: null },
  ],
  ["getStorage", () => client.getStorage(), "get", "/api/storage/"],
  ["keepTrashFor", () => client.keepTrashFor(7), "patch", "/api/storage/", { trash_days: 7 }],
  ["getVoiceSample", () => client.getVoiceSample("heart"), "get", "/api/settings/voices/heart/sample/"],
  [
    "getVoiceSample of another machine",
    () => client.getVoiceSample("remote-a", { mayLeave: true }),
    "get",
    "/api/settings/voices/remote-a/sample/?remote=1",
  ],
  ["getVoices", () => client.getVoices(), "get", "/api/settings/voices/"],
  ["getTrash", () => client.getTrash(), "get", "/api/trash/"],
  ["getTrash of a project", () => client.getTrash(4), "get", "/api/trash/?project=4"],
  ["restoreFromTrash", () => client.restoreFromTrash(9), "post", "/api/trash/9/restore/", {}],
  ["restoreFromTrash elsewhere", () => client.restoreFromTrash(9, 7), "post", "/api/trash/9/restore/", { segment: 7 }],
  ["deleteForGood", () => client.deleteForGood(9), "delete", "/api/trash/9/"],
  ["getSession", () => client.getSession(), "get", "/api/session/"],
  ["signIn", () => client.signIn("a", "b"), "post", "/api/session/", { username: "a", password: "b" }],
  ["signOut", () => client.signOut(), "delete", "/api/session/"],
  ["checkHealth", () => client.checkHealth(), "get", "/healthz"],
  ["fileDigest", () => client.fileDigest("/media/a.jpg"), "head", "/media/a.jpg"],
  ["getItems", () => client.getItems(), "get", "/api/v1/items"],
  ["getItem", () => client.getItem("u"), "get", "/api/v1/items/u"],
  [
    "createItem",
    () => client.createItem({ name: "n", category: "c" }),
    "post",
    "/api/v1/items",
    { name: "n", category: "c" },
  ],
  ["updateItem", () => client.updateItem("u", { status: "Lent" }), "patch", "/api/v1/items/u", { status: "Lent" }],
  ["deleteItem", () => client.deleteItem("u"), "delete", "/api/v1/items/u"],
  ["deleteItemImage", () => client.deleteItemImage("u"), "delete", "/api/v1/items/u/image"],
  ["getAudit", () => client.getAudit({ limit: 5 }), "get", "/api/v1/audit?limit=5"],
];

it.each(cases)("%s asks what the contract says", async (_name, call, method, url, body) => {
  await call();
  expect([sent.method, api.getUri(sent)]).toEqual([method, url]);
  expect(sent.data === undefined ? undefined : JSON.parse(sent.data)).toEqual(body);
});

it("has a test here for every function of the client", () => {
  const uploads = [
    "updateSegmentOnLeaving",
    "uploadSegmentImage",
    "uploadSegmentAudio",
    "uploadItemImage",
    "importBundle",
  ];
  const addresses = ["thumbnailUrl", "trashThumbnailUrl", "bundleUrl", "cardUrl"];
  const tested = new Set([...cases.map(([name]) => name.split(" ")[0]), ...uploads, ...addresses, "ApiError"]);
  const functions = Object.entries(client).filter(([name, it]) => typeof it === "function" && name !== "api");
  expect(functions.map(([name]) => name).filter((name) => !tested.has(name))).toEqual([]);
});

describe("uploads", () => {
  it.each([
    ["image", "/api/segments/7/upload-image/", () => client.uploadSegmentImage(7, file)],
    ["audio", "/api/segments/7/audio/", () => client.uploadSegmentAudio(7, file)],
    ["bundle", "/api/projects/import-bundle/", () => client.importBundle(file)],
    ["image", "/api/v1/items/u/image", () => client.uploadItemImage("u", file)],
  ])("send the file as %s to %s and leave the Content-Type to the browser", async (field, url, call) => {
    const post = vi.spyOn(api, "post");
    await call();
    expect(api.getUri(sent)).toBe(url);
    expect(sent.data).toBeInstanceOf(FormData);
    expect((sent.data as FormData).get(field)).toBeInstanceOf(File);
    expect(post.mock.calls[0]?.[2]).not.toHaveProperty("headers");
  });
});

it("demands the version it was given", async () => {
  answer.headers = { etag: '"new"' };
  const changed = await client.updateSegmentIf(7, { text_content: "a" }, '"old"');
  expect(sent.headers.get("If-Match")).toBe('"old"');
  expect(changed.etag).toBe('"new"');
});

it("lets the browser finish a change when the page goes away", async () => {
  const patch = vi.spyOn(api, "patch");
  await client.updateSegmentOnLeaving(7, { text_content: "last words" }, '"v"');
  const leaving = { adapter: "fetch", fetchOptions: { keepalive: true }, headers: { "If-Match": '"v"' } };
  expect(patch).toHaveBeenCalledWith("/segments/7/", { text_content: "last words" }, leaving);
});

it("takes an item out of its envelope", async () => {
  expect(await client.getItem("u")).toBe("inside");
});

it("reads a file's hash from its ETag, and only if it is one", async () => {
  answer.headers = { etag: `"${"a".repeat(64)}"` };
  expect(await client.fileDigest("/media/a.jpg")).toBe("a".repeat(64));
  answer.headers = { etag: '"21c473-18e"' };
  expect(await client.fileDigest("/media/a.jpg")).toBeNull();
});

it("names what is read without it", () => {
  expect(client.bundleUrl(7)).toBe("/api/projects/7/bundle/");
});

it("names a thumbnail by width, rule and version", () => {
  expect(client.thumbnailUrl(7, 480, "2026-11-21T12:00:00+00:00")).toBe(
    "/api/segments/7/thumbnail/?w=480&v=2-2026-11-21T12%3A00%3A00%2B00%3A00",
  );
  expect(client.trashThumbnailUrl(9, 240, "2026-11-21T12:00:00Z")).toBe(
    "/api/trash/9/thumbnail/?w=240&v=2-2026-11-21T12%3A00%3A00Z",
  );
});

it("reads the reason also where a file was asked for", async () => {
  answer = { status: 409, data: new Blob(['{"error": "This voice cannot speak yet."}']), headers: {} };
  const refusal = await client.getVoiceSample("mute").catch((problem: unknown) => problem);
  expect(reasonOf(refusal)).toBe("This voice cannot speak yet.");
  answer = { status: 502, data: new Blob(["<html>"]), headers: {} };
  await expect(client.getVoiceSample("mute")).rejects.toMatchObject({ status: 502 });
});

describe("a refusal", () => {
  const refused = async (status: number, data: unknown) => {
    answer = { status, data, headers: { etag: '"now"' } };
    return client.getSegment(7).catch((problem: unknown) => problem as ApiError) as Promise<ApiError>;
  };

  it.each([
    [{ error: "Cannot edit a locked segment. Unlock it first." }, "Cannot edit a locked segment. Unlock it first."],
    [{ error: "Invalid image file", details: "It is a GIF." }, "It is a GIF."],
    [{ error: "Validation failed", details: { title: ["Too long."], raw_text: ["Empty."] } }, "Too long. Empty."],
    [{ data: null, error: { code: "NO", message: "Not there." }, message: "Failed" }, "Not there."],
    [{ detail: "Not found." }, "Not found."],
    ["<html>", "Something went wrong here, nothing was changed."],
  ])("says %j as a sentence", async (body, sentence) => {
    expect(reasonOf(await refused(400, body))).toBe(sentence);
  });

  it("keeps status, details and version, for whoever can help", async () => {
    const problem = await refused(412, { error: "Changed meanwhile.", details: { id: 7 } });
    expect(problem).toBeInstanceOf(ApiError);
    expect([problem.status, problem.details, problem.etag]).toEqual([412, { id: 7 }, '"now"']);
  });

  it("knows a server that does not answer from one that refuses", async () => {
    api.defaults.adapter = async (config) => {
      throw new AxiosError("Network Error", "ERR_NETWORK", config);
    };
    const problem = (await client.getProjects().catch((value: unknown) => value)) as ApiError;
    expect([problem.status, problem.isUnreachable]).toEqual([0, true]);
    api.defaults.adapter = adapter;
    expect((await refused(400, {})).isUnreachable).toBe(false);
  });
});
