// @google/genai, Vertex mode: prints what it saw as one JSON object. Argument: the base URL.
import { ApiError, GoogleGenAI } from "@google/genai";

const authClient = { getRequestHeaders: async () => new Headers({ authorization: "Bearer x" }) };
const ai = new GoogleGenAI({
  vertexai: true,
  project: "my-project",
  location: "us-central1",
  googleAuthOptions: { authClient },
  httpOptions: { baseUrl: process.argv[2] },
});

const refused = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { typed: error instanceof ApiError, code: error.status, message: error.message };
  }
};

const tune = (tunedModelDisplayName, config = {}) =>
  ai.tunings.tune({
    baseModel: "gemini-2.0-flash-001",
    trainingDataset: { gcsUri: "gs://bucket/train.jsonl" },
    config: { tunedModelDisplayName, ...config },
  });

const finished = async ({ name }) => {
  for (;;) {
    const job = await ai.tunings.get({ name });
    if (["JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED"].includes(job.state)) return job;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const created = await tune("first", { epochCount: 3, learningRateMultiplier: 0.5, adapterSize: "ADAPTER_SIZE_FOUR" });
const ended = await finished(created);

const stopped = await tune("second");
await ai.tunings.cancel({ name: stopped.name });
const cancelled = await finished(stopped);
const third = await tune("third");

const pager = await ai.tunings.list({ config: { pageSize: 2 } });
const firstPage = pager.page.map((job) => job.name);
const listed = [];
for await (const job of pager) listed.push(job.name);

console.log(
  JSON.stringify({
    created,
    ended,
    cancelled,
    firstPage,
    listed,
    names: [third.name, stopped.name, created.name],
    unknown: await refused(() => ai.tunings.get({ name: `${created.name}9` })),
    cancelUnknown: await refused(() => ai.tunings.cancel({ name: `${created.name}9` })),
    badDataset: await refused(() => ai.tunings.tune({ baseModel: "m", trainingDataset: { gcsUri: "nowhere" } })),
  }),
);
