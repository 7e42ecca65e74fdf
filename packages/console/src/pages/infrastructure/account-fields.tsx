import { TextField } from '../../ui/text-field.tsx';

interface AccountFieldsProps {
  readonly id: string;
  /** Of what it is, such as `CHAP`. */
  readonly of: string;
  readonly username: string;
  readonly password: string;
  readonly onUsername: (username: string) => void;
  readonly onPassword: (password: string) => void;
}

/** Name and password of one direction of CHAP. */
export function AccountFields({ id, of, username, password, onUsername, onPassword }: AccountFieldsProps) {
  return (
    <>
      <TextField id={`${id}-username`} label={`${of} name`} value={username} onChange={onUsername} />
      <TextField
        id={`${id}-password`}
        type="password"
        label={`${of} password`}
        value={password}
        onChange={onPassword}
      />
    </>
  );
}
