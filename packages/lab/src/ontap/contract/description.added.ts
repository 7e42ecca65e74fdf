/**
 * Calls that the kept API description leaves out, in the form of `description.generated.ts`, from the vendor's
 * public reference: writing iSCSI services, and iSCSI credentials.
 */
const user = '{"p":{"user":{"t":"string","l":128},"password":{"t":"string"}}}';
const svm = '{"p":{"name":{"t":"string"},"uuid":{"t":"string"}}}';
const range =
  '{"p":{"start":{"t":"string"},"end":{"t":"string"},"family":{"t":"string","r":1,"e":["ipv4","ipv6"]}}}';
const mask =
  '{"p":{"address":{"t":"string"},"netmask":{"t":"string"},"family":{"t":"string","r":1,"e":["ipv4","ipv6"]}}}';
const credential = `{"p":{"authentication_type":{"t":"string","e":["chap","none","deny"]},"chap":{"p":{"inbound":${user},"outbound":${user}}},"initiator":{"t":"string","l":128},"initiator_address":{"p":{"masks":{"a":${mask}},"ranges":{"a":${range}}}},"svm":${svm}}}`;
const listQuery = '["fields","max_records","order_by","return_records","return_timeout"]';
const services = '/protocols/san/iscsi/services';
const credentials = '/protocols/san/iscsi/credentials';

export const added: readonly string[] = [
  `D iscsi_credentials ${credential}`,
  'D iscsi_credentials_response {"p":{"records":{"a":{"$":"iscsi_credentials"}},"num_records":{"t":"integer"}}}',
  `O POST ${services} {"body":"iscsi_service","query":["return_records"]}`,
  `O PATCH ${services}/{svm.uuid} {"body":"iscsi_service","query":[]}`,
  `O DELETE ${services}/{svm.uuid} {"query":[]}`,
  `O GET ${credentials} {"answer":"iscsi_credentials_response","query":${listQuery}}`,
  `O POST ${credentials} {"body":"iscsi_credentials","query":["return_records"]}`,
  `O GET ${credentials}/{svm.uuid}/{initiator} {"answer":"iscsi_credentials","query":["fields"]}`,
  `O PATCH ${credentials}/{svm.uuid}/{initiator} {"body":"iscsi_credentials","query":["add_initiator_addresses","remove_initiator_addresses"]}`,
  `O DELETE ${credentials}/{svm.uuid}/{initiator} {"query":[]}`,
];
