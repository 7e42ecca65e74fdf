/** Environment variables that the command line and the server look at, for docs/cli.md. */
export const environmentVariables: Readonly<Record<string, string>> = {
  LEEWARD_DATA:
    'Data folder: database, keys and, by default, the lab. Default `$XDG_DATA_HOME/leeward`, else `~/.local/share/leeward`. A command talks to the server that runs on this folder.',
  LEEWARD_PASSWORD:
    'Password for `vcenter add` and `array add` when no `--password-file` is given, and for `vcenter edit --password` and `array edit --password`.',
  LEEWARD_CHAP_PASSWORD: 'CHAP password for `array add` when no `--chap-password-file` is given.',
  LEEWARD_CHAP_MUTUAL_PASSWORD:
    'Mutual CHAP password for `array add` when no `--chap-mutual-password-file` is given.',
  LEEWARD_REPOSITORY_PASSWORD:
    'Password for `repository init` and `repository add` when no `--password-file` is given, and for `repository edit --password`.',
  LEEWARD_USER_PASSWORD:
    'Password for `user create` and `login` when no `--password-file` is given, and for `user edit --password`.',
  LEEWARD_NOTIFICATION_PASSWORD:
    'Password at the mail server for `notification create` and `notification edit` when no `--password-file` is given.',
  LEEWARD_NOTIFICATION_URL: 'Address of the webhook for `notification create` when no `--url-file` is given.',
  LEEWARD_NOTIFICATION_SECRET:
    'Secret that a webhook is signed with, for `notification create` and `notification edit` when no `--secret-file` is given.',
  LEEWARD_SERVER: 'A server on another host, instead of `--server`.',
  LEEWARD_SERVER_CA: 'Authority that its certificate is verified by, instead of `--server-ca`.',
  LEEWARD_SERVER_FINGERPRINT: 'SHA-256 fingerprint of its certificate, instead of `--server-fingerprint`.',
  LEEWARD_TOKEN: 'API token for that server; goes before the one that `login` has kept.',
  LEEWARD_TOKEN_FILE: 'File whose first line is that token.',
  LEEWARD_OIDC_CLIENT_SECRET:
    'Secret of the client for `oidc set --client-secret`; of the server, where `oidc set --secret-from environment` says so.',
  LEEWARD_LISTEN: 'Where `server start` serves HTTPS, instead of `--listen`.',
  LEEWARD_TLS_CERT: 'Certificate of `server start`, instead of `--tls-cert`.',
  LEEWARD_TLS_KEY: 'Its key, instead of `--tls-key`.',
  LEEWARD_SECRET_KEY:
    'The key that stored passwords are sealed with, 64 hexadecimal digits, instead of `secret.key` in the data folder. For commands without a running server too.',
  LEEWARD_SECRET_KEY_FILE: 'File of that key, which only its owner can read.',
  LEEWARD_SECRET_KEY_COMMAND: 'Command of the shell that writes that key.',
  LEEWARD_LAB: 'Folder of the lab, instead of `--folder`.',
  LEEWARD_LOG: 'Level of the log of server and proxy: `debug`, `info` (default), `warn`, `error`, `silent`.',
  DATABASE_URL:
    'A PostgreSQL to use instead of the embedded one: `postgres://user@host:5432/database`. Read by the server.',
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'Where the server sends traces of runs, unless the settings say so; `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and `OTEL_EXPORTER_OTLP_HEADERS` count too, see docs/metrics.md.',
  NO_COLOR: 'Any value but an empty one switches colour off.',
  TERM: '`dumb` switches colour and the live picture off.',
};
