// googleapis, aiplatform v1: prints what it saw as one JSON object. Argument: the base URL.
import { google } from "googleapis";

const auth = new google.auth.OAuth2();
auth.setCredentials({ access_token: "x" });
const aiplatform = google.aiplatform({ version: "v1", auth, rootUrl: `${process.argv[2]}/` });
const jobs = aiplatform.projects.locations.tuningJobs;
const parent = "projects/my-project/locations/us-central1";

const refused = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { code: error.response?.status, body: error.response?.data };
  }
};

const create = async (tunedModelDisplayName, trainingDatasetUri = "gs://bucket/train.jsonl") => {
  const supervisedTuningSpec = { trainingDatasetUri, hyperParameters: { epochCount: "3" } };
  const requestBody = { baseModel: "gemini-2.0-flash-001", supervisedTuningSpec, tunedModelDisplayName };
  return (await jobs.create({ parent, requestBody })).data;
};

const finished = async ({ name }) => {
  for (;;) {
    const { data } = await jobs.get({ name });
    if (["JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED"].includes(data.state)) return data;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const created = await create("first");
const ended = await finished(created);
const stopped = await create("second");
const cancelAnswer = (await jobs.cancel({ name: stopped.name })).data;
const cancelled = await finished(stopped);
const third = await create("third");

const pages = [];
let pageToken;
do {
  const { data } = await jobs.list({ parent, pageSize: 2, pageToken });
  pages.push(data.tuningJobs.map((job) => job.name));
  pageToken = data.nextPageToken;
} while (pageToken);

console.log(
  JSON.stringify({
    created,
    ended,
    cancelAnswer,
    cancelled,
    pages,
    names: [third.name, stopped.name, created.name],
    unknown: await refused(() => jobs.get({ name: `${created.name}9` })),
    cancelUnknown: await refused(() => jobs.cancel({ name: `${created.name}9` })),
    badDataset: await refused(() => create("refused", "nowhere")),
    badPageToken: await refused(() => jobs.list({ parent, pageToken: "nonsense" })),
  }),
);
