// Walks with Traverson and its adapter for HAL: node traverson_walk.mjs ROOT RELEASE
import traverson from "traverson";
import HalAdapter from "traverson-hal";

const [root, name] = process.argv.slice(2);
traverson.registerMediaType(HalAdapter.mediaType, HalAdapter);

const from = (...relations) =>
  traverson.from(root).jsonHal().follow(...relations);
const call = (request, method, ...args) =>
  new Promise((resolve, reject) =>
    request[method](...args, (err, answer) =>
      err ? reject(err) : resolve(answer),
    ),
  );

const search = ["packageMetadata", "search", "findByName"];
const metadata = await call(
  from(...search, "packageMetadata[0]").withTemplateParameters({
    name: "demo",
  }),
  "getResource",
);
const installed = await call(
  from(...search, "packageMetadata[0]", "install").withTemplateParameters({
    name: "demo",
  }),
  "post",
  { releaseName: name, platformName: "default" },
);
let info;
for (let i = 0; i < 100 && info?.status.statusCode !== "DEPLOYED"; i++) {
  info = await call(
    from("release", "status/name").withTemplateParameters({ name }),
    "getResource",
  );
}
const version = await call(
  from(
    "releases",
    "search",
    "findByNameIgnoreCaseContainingOrderByNameAscVersionDesc",
    "releases[0]",
  ).withTemplateParameters({ name }),
  "getResource",
);

console.log(
  JSON.stringify({
    package: metadata.name,
    status: info.status.statusCode,
    version: version.version,
    description: info.description,
    installed: installed.statusCode === 201,
  }),
);
