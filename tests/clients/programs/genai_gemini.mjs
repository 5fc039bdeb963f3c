// @google/genai, Gemini mode: prints what it saw as one JSON object. Argument: the base URL.
import { ApiError, GoogleGenAI } from "@google/genai";

const ai = new GoogleGenAI({ apiKey: "x", httpOptions: { baseUrl: process.argv[2], apiVersion: "v1beta" } });

const refused = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { typed: error instanceof ApiError, code: error.status, message: error.message };
  }
};

const examples = [1, 2, 3, 4].map((n) => ({ textInput: `${n}`, output: `${n + 1}` }));
// tune() of this version leaves the examples out of its request; extraBody carries them.
const extraBody = { tuningTask: { trainingData: { examples: { examples } } } };
const tune = (tunedModelDisplayName, httpOptions) =>
  ai.tunings.tune({
    baseModel: "models/gemini-1.5-flash-001-tuning",
    trainingDataset: { examples },
    config: { tunedModelDisplayName, epochCount: 2, batchSize: 2, learningRate: 0.001, httpOptions },
  });

const withoutData = await refused(() => tune("dropped"));
const created = await tune("first", { extraBody });
const others = [await tune("second", { extraBody }), await tune("third", { extraBody })];

let ended;
do {
  await new Promise((resolve) => setTimeout(resolve, 100));
  ended = await ai.tunings.get({ name: created.name });
} while (ended.state === "JOB_STATE_RUNNING" || ended.state === "JOB_STATE_QUEUED");

const model = await ai.models.get({ model: created.name });
const updated = await ai.models.update({ model: created.name, config: { displayName: "changed" } });
const after = await ai.models.get({ model: created.name });

const pager = await ai.models.list({ config: { queryBase: false, pageSize: 2 } });
const firstPage = pager.page.map((each) => each.name);
const listed = [];
for await (const each of pager) listed.push(each.name);
const bases = await ai.models.list({ config: { pageSize: 50 } });

await ai.models.delete({ model: created.name });

console.log(
  JSON.stringify({
    withoutData,
    created,
    ended,
    model,
    updated,
    after,
    firstPage,
    listed,
    names: [created, ...others].map((each) => each.name),
    bases: bases.page.map((each) => each.name),
    deleted: await refused(() => ai.tunings.get({ name: created.name })),
    deletedAgain: await refused(() => ai.models.delete({ model: created.name })),
    cancel: await refused(() => ai.tunings.cancel({ name: others[0].name })),
  }),
);
