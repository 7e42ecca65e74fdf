/** The parts of docs/cli.md that are written by hand. */
export const intro = `# The command line

\`leeward <noun> <verb> [name] [options]\`. In a clone it is \`npx leeward …\`; nothing has to be installed first.

This page is generated from the program itself: \`node --conditions=source packages/cli/src/docs/write-cli-doc.ts\`.`;

export const habits = `## Habits

- **Results on stdout, everything else on stderr**: progress, notes and errors. With \`--json\` stdout holds one JSON document and nothing else; an error is then one line of JSON on stderr, with \`type\`, \`code\`, \`what\`, \`data\`, \`next\` and \`details\`, and stdout is empty.
- **Colour, live pictures and questions only on a terminal.** Elsewhere progress is one plain line per step, and a missing secret is an error instead of a question.
- **Secrets never as arguments**, which every user of the machine can read: by \`--password-file\` (its first line; \`/dev/stdin\` works), by environment, or asked for.
- **Names, ids, or the beginning of an id** as long as only one fits: \`leeward run show 20261125T2029\`. If several fit, the error lists them.
- **Errors** have a code, what happened, what it means for the data, and what to do next; all of them are in [errors.md](errors.md).
- **Ctrl-C while watching a run ends the watching, not the run**, and says so (exit code 130). \`leeward run cancel\` ends the run.
- **A server is not needed for a single command.** When none runs on the data folder, the command starts one for itself and ends it afterwards. For runs that outlive a command, and to save a second per command, start one with \`leeward server start\`.
- **Certificates** of vCenters and arrays are verified: by a CA (\`--ca-file\`), or by the SHA-256 fingerprint, which \`add\` shows the first time so that you can compare it (\`--fingerprint\`). When a certificate was renewed, \`edit\` takes the new fingerprint or CA.
- **Times** are UTC.`;

export const elsewhere = `## A server on another host

\`\`\`console
$ npx leeward login --server https://backup.example:8443 --username ann
The certificate of https://backup.example:8443 has the SHA-256 fingerprint
  3f…
Is that the fingerprint that \`leeward server start\` shows there? [y/N] y
Password of ann at https://backup.example:8443:
signed in at https://backup.example:8443 as ann, until 2026-12-26 10:00
$ npx leeward --server https://backup.example:8443 job list
$ npx leeward logout --server https://backup.example:8443
\`\`\`

\`login\` makes an API token (30 days, \`--days\`) and keeps it, with the certificate that was confirmed, in a file that only its owner can read: \`~/.config/leeward/servers/HOST_PORT.json\`. The password is kept nowhere. \`logout\` makes the token invalid and removes the file. Without a terminal: \`--server-ca\` or \`--server-fingerprint\` with \`--password-file\`, or no \`login\` at all, but \`LEEWARD_SERVER\` and \`LEEWARD_TOKEN_FILE\`. Who signs in by OpenID Connect makes a token in the console and gives it with \`--token-file\`.

The certificate is verified before anything secret is sent: as these options say, else as at the \`login\`, else by the authorities that this machine trusts. There is no way to switch that off.`;

export const elsewhereFiles = `These options are taken before the noun or after the verb, by every command but \`server start|status|stop\`, \`lab\`, \`demo\` and \`proxy start\`, which work on the machine they are run on. **Files that hold inputs** (passwords, certificates, tables of ports, and what is written with \`--output\` and the like) are on the machine where the command is run. **Folders that Leeward works on** (\`repository --path\`, \`restore --to-folder\`, \`job --pre-script\`) are on the machine of the server, and have to be absolute when that is another one. If server and command are of different versions, the command says what to do about it.`;

export const demoJson = `### \`demo --json FILE\`

The demo writes its result to a file, since its progress and summary are for people.

\`\`\`text
{ "ok": true,
  "runs": [ { "id", "kind": "full"|"incremental", "state": "success",
              "vms": [ { "name", "source": "secondary", "transport": "nfs"|"iscsi"|"http",
                         "relation": { "kind": "transfer", "policy": "mirror"|"vault"|"mirror-vault" },
                         "steps": [ { "name", "startedAt", "endedAt" } ],
                         "vmwareSnapshotMs", "bytesProvisioned", "bytesChanged", "bytesRead", "bytesStored",
                         "disks": [ { "name", "sha256AtSnapshot", "sha256Restored" } ] } ] } ],
  "dataPortBytesRead": { "<array name>": number },      // measured by the simulators, primary must be 0
  "leftovers": { "vmwareSnapshots": 0, "storageSnapshots": [names that the chains keep],
                 "clones": 0, "exports": 0, "mappings": 0 },
  "repository": { "path", "passwordFile" },
  "problems": [what did not hold; empty when ok] }
\`\`\``;
