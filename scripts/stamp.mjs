// Runs as npm's `prepare` after an install: notes which package-lock.json the installed packages belong to, so
// that the launcher does not install a second time. It compares them first, since npm also runs this where it
// installed nothing (`npx leeward` in a clone with old packages).
import { stampInstalled } from './launcher/installed-packages.mjs';

stampInstalled();
