"""Run as a process on a data folder: print every violation of the store's invariants as JSON."""

import json
import os

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    import django

    django.setup()
    from proof.crash.acts import violations

    print(json.dumps(violations()))
